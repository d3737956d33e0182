"""A folder walked as if it were one layer: a root filesystem, or a virtual environment (`fs:.venv`)."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image import Entry

_BINARY_TEST: Final = 8192
_MOST_UNKNOWNS: Final = 100
_NO_FOLLOW: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class FolderEntries:
    """Implements `Entries`: no link is followed, no other file system entered, only regular files are opened."""

    def __init__(self, root: str, members: int) -> None:
        """Walk `root`, which is a real path; stop after `members` members."""
        self._root = root
        self._left = members
        self._handle: int | None = None
        self._size = 0
        self._path = ""
        self._unknowns: list[Unknown] = []

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Return what could not be read."""
        return tuple(self._unknowns)

    def __iter__(self) -> Iterator[Entry]:
        device = Path(self._root).stat().st_dev
        pending = [("", self._root)]
        while pending:
            relative, absolute = pending.pop()
            try:
                with os.scandir(absolute) as listing:
                    found = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                self._note(relative or ".", error)
                continue
            folders: list[tuple[str, str]] = []
            for item in found:
                self._left -= 1
                if self._left < 0:
                    self._note(relative, "the folder has more members than are read")
                    return
                path = f"{relative}/{item.name}" if relative else item.name
                entry = self._entry(path, item)
                if entry is None or entry.offset != device:
                    continue
                if entry.kind == "folder":
                    folders.append((path, item.path))
                self._path, self._size = item.path, entry.size
                yield entry._replace(offset=0)
                self.close()
            pending.extend(reversed(folders))

    def _entry(self, path: str, item: os.DirEntry[str]) -> Entry | None:
        """Return the member; `offset` carries the device until the walk has compared it."""
        try:
            state = item.stat(follow_symlinks=False)
            if stat.S_ISLNK(state.st_mode):
                return Entry(path, "symlink", 0o777, 0, str(Path(item.path).readlink()), state.st_dev)
        except OSError as error:
            self._note(path, error)
            return None
        mode = state.st_mode & 0o7777
        if stat.S_ISDIR(state.st_mode):
            return Entry(path, "folder", mode, 0, "", state.st_dev)
        if stat.S_ISREG(state.st_mode):
            return Entry(path, "file", mode, state.st_size, "", state.st_dev)
        return Entry(path, "other", mode, 0, "", state.st_dev)

    def starts_binary(self) -> bool:
        """Return whether a NUL is among the first 8 KiB; a file that cannot be opened counts as binary, and is told."""
        try:
            return b"\0" in os.pread(self._opened(), _BINARY_TEST, 0)
        except OSError as error:
            self._note(self._path, error)
            return True

    def peek(self, size: int) -> bytes:
        """Return the first bytes; nothing of a file that cannot be opened, which is told."""
        try:
            return os.pread(self._opened(), size, 0)
        except OSError as error:
            self._note(self._path, error)
            return b""

    def body(self, head: int, tail: int = 0) -> bytes:
        """Return the present file, or its first `head` and last `tail` bytes when it is longer."""
        try:
            handle = self._opened()
            if self._size <= head + tail:
                return self._read(handle, 0, head + tail)
            return self._read(handle, 0, head) + self._read(handle, self._size - tail, tail)
        except OSError as error:
            self._note(self._path, error)
            return b""

    def close(self) -> None:
        """Close the present file."""
        if self._handle is not None:
            with suppress(OSError):
                os.close(self._handle)
            self._handle = None

    def _opened(self) -> int:
        if self._handle is None:
            self._handle = os.open(self._path, _NO_FOLLOW)
        return self._handle

    def _read(self, handle: int, at: int, size: int) -> bytes:
        parts: list[bytes] = []
        while size > 0 and (data := os.pread(handle, size, at)):
            parts.append(data)
            at += len(data)
            size -= len(data)
        return b"".join(parts)

    def _note(self, path: str, error: OSError | str) -> None:
        reason = error if isinstance(error, str) else f"it cannot be read ({error.strerror or error})"
        if len(self._unknowns) < _MOST_UNKNOWNS:
            self._unknowns.append(Unknown(subject=path, reason=reason, advice="run with permission to read it"))
