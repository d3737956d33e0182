"""A folder walked as if it were one layer: a whole machine, a root filesystem, or a virtual environment (`fs:.venv`)."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from tidewaiter.adapters.images.mounts import PSEUDO, holds_images, mounted
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image import Entry

_BINARY_TEST: Final = 8192
_MOST_UNKNOWNS: Final = 100
_NO_FOLLOW: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_RETRY: Final = "scan again while nothing writes to it"


class FolderEntries:
    """Implements `Entries`: no link is followed, no other file system entered, only regular files are opened.

    Mount points and the images of container engines are passed by; a remark names each. Others may change the folder
    meanwhile: a file that is not the one that was listed is not read, one that changes while it is read is told.
    """

    def __init__(self, root: str, members: int, *, mounts: Mapping[str, str] | None = None) -> None:
        """Walk `root`, which is a real path; stop after `members` members. `mounts` is what is mounted where."""
        self._root = root
        self._left = members
        self._mounts = mounted() if mounts is None else mounts
        self._handle: int | None = None
        self._listed: os.stat_result | None = None
        self._size = 0
        self._path = ""
        self._name = ""
        self._unknowns: list[Unknown] = []
        self._dropped = 0
        self._is_incomplete = False
        """Whether any of those dropped leaves the scan incomplete."""

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Return what could not be read, and what was passed by."""
        if not self._dropped:
            return tuple(self._unknowns)
        more = Unknown(
            subject=self._root,
            reason=f"{self._dropped} further places were not read",
            advice=_PERMISSION,
            incomplete=self._is_incomplete,
        )
        return (*self._unknowns, more)

    def __iter__(self) -> Iterator[Entry]:
        device = Path(self._root).stat().st_dev
        pending = [("", self._root)]
        while pending:
            relative, absolute = pending.pop()
            try:
                with os.scandir(absolute) as listing:
                    found = sorted(islice(listing, max(self._left, 0) + 1), key=lambda entry: entry.name)
            except OSError as error:
                self._fail(relative or ".", error)
                continue
            folders: list[tuple[str, str]] = []
            for item in found:
                self._left -= 1
                if self._left < 0:
                    self._tell(relative or ".", "the folder has more members than are read", advice="scan a part of it")
                    return
                path = f"{relative}/{item.name}" if relative else item.name
                entry = self._entry(path, item, device)
                if entry is None:
                    continue
                if entry.kind == "folder":
                    folders.append((path, item.path))
                self._path, self._name, self._size = item.path, path, entry.size
                yield entry
                self.close()
            pending.extend(reversed(folders))

    def _entry(self, path: str, item: os.DirEntry[str], device: int) -> Entry | None:
        """Return the member, None for one that is passed by."""
        try:
            state = item.stat(follow_symlinks=False)
            link = str(Path(item.path).readlink()) if stat.S_ISLNK(state.st_mode) else ""
        except FileNotFoundError:  # somebody removed it since the folder was listed
            return None
        except OSError as error:
            self._fail(path, error)
            return None
        # Files of an overlay have the number of whichever layer holds them (kernel: filesystems/overlayfs).
        if item.path in self._mounts or (stat.S_ISDIR(state.st_mode) and state.st_dev != device):
            self._pass_mount(path, item.path)
            return None
        self._listed = state
        mode = state.st_mode & 0o7777
        if stat.S_ISLNK(state.st_mode):
            return Entry(path, "symlink", 0o777, 0, link, 0)
        if stat.S_ISREG(state.st_mode):
            return Entry(path, "file", mode, state.st_size, "", 0)
        if not stat.S_ISDIR(state.st_mode):
            return Entry(path, "other", mode, 0, "", 0)
        if holds_images(path):
            reason = "a container engine keeps its images here; they are not part of this system and were not read"
            self._tell(path, reason, advice="scan images by their names", incomplete=False)
            return None
        return Entry(path, "folder", mode, 0, "", 0)

    def _pass_mount(self, path: str, absolute: str) -> None:
        kind = self._mounts.get(absolute, "")
        if kind not in PSEUDO:
            named = f" ({kind})" if kind else ""
            reason = f"another file system{named} begins here and was not entered"
            self._tell(path, reason, advice=f"scan it by itself: `fs:{absolute}`", incomplete=False)

    def starts_binary(self) -> bool:
        """Return whether a NUL is among the first 8 KiB; a file that cannot be opened counts as binary, and is told."""
        try:
            return b"\0" in os.pread(self._opened(), _BINARY_TEST, 0)
        except OSError as error:
            self._fail(self._name, error)
            return True

    def peek(self, size: int) -> bytes:
        """Return the first bytes; nothing of a file that cannot be opened, which is told."""
        try:
            return os.pread(self._opened(), size, 0)
        except OSError as error:
            self._fail(self._name, error)
            return b""

    def body(self, head: int, tail: int = 0) -> bytes:
        """Return the present file, or its first `head` and last `tail` bytes when it is longer."""
        try:
            handle = self._opened()
            if self._size <= head + tail:
                data = self._read(handle, 0, self._size)
            else:
                data = self._read(handle, 0, head) + self._read(handle, self._size - tail, tail)
            self._compare(os.fstat(handle))
        except OSError as error:
            self._fail(self._name, error)
            return b""
        return data

    def close(self) -> None:
        """Close the present file."""
        if self._handle is not None:
            with suppress(OSError):
                os.close(self._handle)
            self._handle = None

    def _opened(self) -> int:
        """Open the present file, if it still is the one that was listed; raises OSError."""
        if self._handle is None:
            handle = os.open(self._path, _NO_FOLLOW)
            self._handle = handle
            state = os.fstat(handle)
            listed = self._listed
            if listed is None or (state.st_dev, state.st_ino) != (listed.st_dev, listed.st_ino):
                self.close()
                raise OSError(0, "it was replaced while the folder was read")
        return self._handle

    def _compare(self, state: os.stat_result) -> None:
        listed = self._listed
        if listed is not None and (state.st_size, state.st_mtime_ns) != (listed.st_size, listed.st_mtime_ns):
            self._tell(self._name, "it changed while it was read", advice=_RETRY)

    def _read(self, handle: int, at: int, size: int) -> bytes:
        parts: list[bytes] = []
        while size > 0 and (data := os.pread(handle, size, at)):
            parts.append(data)
            at += len(data)
            size -= len(data)
        return b"".join(parts)

    def _fail(self, path: str, error: OSError) -> None:
        self._tell(path, f"it cannot be read ({error.strerror or error})", advice=_PERMISSION)

    def _tell(self, path: str, reason: str, *, advice: str, incomplete: bool = True) -> None:
        told = Unknown(subject=path, reason=reason, advice=advice, incomplete=incomplete)
        if self._unknowns and self._unknowns[-1] == told:
            return
        if len(self._unknowns) < _MOST_UNKNOWNS:
            self._unknowns.append(told)
        else:
            self._dropped += 1
            self._is_incomplete |= incomplete


_PERMISSION: Final = "run with permission to read it"
