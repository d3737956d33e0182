"""Facts of layers, one file per key: no lock, no writer that others wait for, and a broken file is one layer lost.

A file is written under another name and renamed, so readers see a whole file or none. Form: magic, SHA-256 of the
rest, zstd frame (RFC 8878) of the value.
"""

import hashlib
import os
import re
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import zstandard

DEFAULT_BYTES: Final = 1_000_000_000
NOWHERE: Final = "/nonexistent"
"""Home of a user who has none, as Debian's policy manual (9.2.3) has it: nothing is kept there."""
_MAGIC: Final = b"tidewaiter-layer-1\n"
_HEAD: Final = len(_MAGIC) + 32
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST: Final = 1 << 30
"""Uncompressed bytes of one value."""
_SPARE: Final = 8
"""One value may take an eighth of the room; a trim leaves an eighth of it free."""
_FORGOTTEN_SECONDS: Final = 3600
"""After this time a file that was begun and never renamed belongs to a run that died."""


class DiskLayerCache:
    """Implements `LayerCache` in a folder; the files not used for longest go first once `most` bytes are exceeded."""

    def __init__(self, folder: Path, *, version: str = "", most: int = DEFAULT_BYTES) -> None:
        """Take the folder, which is made when something is stored; `version` keeps programs from sharing values."""
        self._folder = folder
        self._version = version.encode()
        self._most = most
        self._has_written = False

    def get(self, key: str) -> bytes | None:
        """Return the value; a damaged file is deleted and counts as none, and so does one of another user."""
        path = self._path(key)
        try:
            data = _own(path)
        except OSError:
            return None
        if data is None:
            return None
        value = _value(data)
        with suppress(OSError):
            if value is None:
                path.unlink()
            else:
                os.utime(path)
        return value

    def put(self, key: str, value: bytes) -> None:
        """Store the value when there is room and the folder can be written; else do nothing."""
        packed = zstandard.ZstdCompressor(level=1).compress(value)
        if len(packed) * _SPARE > self._most or len(value) > _LONGEST:
            return
        path = self._path(key)
        partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            partial.write_bytes(_MAGIC + hashlib.sha256(packed).digest() + packed)
            partial.replace(path)
            self._has_written = True
        except OSError:
            with suppress(OSError):
                partial.unlink()

    def close(self) -> None:
        """Delete what was not used for longest until the rest fits; only a run that stored something does so."""
        if self._has_written:
            self.trim()

    def trim(self) -> None:
        """Delete what was not used for longest until an eighth of the room is free, when the room is exceeded."""
        held = sorted(self._held(), key=lambda one: one.used)
        total = sum(one.size for one in held)
        if total <= self._most:
            return
        for one in held:
            if total <= self._most - self._most // _SPARE:
                break
            with suppress(OSError):
                one.path.unlink()
                total -= one.size

    def _held(self) -> "Iterator[_File]":
        newest = 0.0
        begun: list[_File] = []
        for folder in _listed(self._folder):
            for entry in _listed(Path(folder.path)) if folder.is_dir(follow_symlinks=False) else ():
                with suppress(OSError):
                    state = entry.stat(follow_symlinks=False)
                    file = _File(Path(entry.path), state.st_size, state.st_mtime)
                    newest = max(newest, file.used)
                    if entry.name.startswith("."):
                        begun.append(file)
                    else:
                        yield file
        for file in begun:
            if file.used < newest - _FORGOTTEN_SECONDS:
                with suppress(OSError):
                    file.path.unlink()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("a key is a SHA-256 in hex")
        name = hashlib.sha256(self._version + b"\0" + key.encode()).hexdigest()
        return self._folder / name[:2] / name[2:]


class _File(NamedTuple):
    path: Path
    size: int
    used: float


def layer_folder(environ: Mapping[str, str]) -> Path:
    """Return the place of the cache: `tidewaiter/layers` in the user's cache folder (XDG base directories)."""
    cache = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or NOWHERE) / ".cache"
    return Path(cache) / "tidewaiter" / "layers"


def _own(path: Path) -> bytes | None:
    """Return what is in a file that this user or the system's wrote, None for anything else; raises OSError.

    Whoever may write a value decides what is found in a layer, and a checksum that he wrote himself proves nothing.
    """
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK | os.O_NOFOLLOW)) as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_uid not in {os.geteuid(), 0} or state.st_size > _LONGEST:
            return None
        return file.read()


def _value(data: bytes) -> bytes | None:
    if not data.startswith(_MAGIC) or hashlib.sha256(memoryview(data)[_HEAD:]).digest() != data[len(_MAGIC) : _HEAD]:
        return None
    try:
        size = zstandard.frame_content_size(memoryview(data)[_HEAD:])
        if not 0 <= size <= _LONGEST:
            return None
        return zstandard.ZstdDecompressor().decompress(memoryview(data)[_HEAD:])
    except zstandard.ZstdError:
        return None


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            return list(listing)
    except OSError:
        return []
