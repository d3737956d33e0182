"""Files of an archive, found by one walk over its headers; a compressed archive is unpacked to a nameless file first."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO, Final

import msgspec

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image import Limits
from tidewaiter.scan.image.compression import Chunks
from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.paths import normalise, split
from tidewaiter.scan.image.tar import TarWalk
from tidewaiter.scan.image.windows import ReadAt, Window

_BLOCK: Final = 512
_MEMBERS: Final = 200_000
_LINKS: Final = 6


class TarFiles:
    """Implements `ArchiveFiles` over a tar; of several members with one name the last counts."""

    def __init__(self, file: BinaryIO, size: int, source: str) -> None:
        """Walk the archive. Damage becomes an Unknown: what stands before it can be used."""
        self._read_at = read_at(file)
        self._size = size
        self._members: dict[str, tuple[int, int]] = {}
        self._links: dict[str, str] = {}
        self.unknowns: list[Unknown] = []
        self._index(source)

    def __bool__(self) -> bool:
        return bool(self._members)

    def size(self, name: str) -> int | None:
        """Return the bytes of a member, links followed, None when it is not there."""
        member = self._find(name)
        return member[1] if member is not None else None

    def read(self, name: str, limit: int) -> bytes:
        """Return at most `limit` bytes of a member."""
        with self.open(name) as window:
            return window.read(limit)

    @contextmanager
    def open(self, name: str) -> Iterator[Window]:
        """Open a member as a stream."""
        member = self._find(name)
        if member is None:
            raise FileNotFoundError(f"{name} is not in the archive")
        start, size = member
        yield Window(self._read_at, start, max(min(size, self._size - start), 0))

    def _find(self, name: str) -> tuple[int, int] | None:
        for _ in range(_LINKS):
            if name in self._members:
                return self._members[name]
            if name not in self._links:
                return None
            name = self._links[name]
        return None

    def _index(self, source: str) -> None:
        limits = msgspec.structs.replace(Limits(), members=_MEMBERS)
        try:
            walk = TarWalk(Chunks(Window(self._read_at, 0, self._size), limits), limits, source)
            for entry in walk:
                self._members.pop(entry.path, None)
                self._links.pop(entry.path, None)
                if entry.kind == "file":
                    self._members[entry.path] = (entry.offset + _BLOCK, entry.size)
                elif entry.kind == "hardlink":
                    self._links[entry.path] = entry.link
                elif entry.kind == "symlink":
                    base = "" if entry.link.startswith("/") else split(entry.path)[0]
                    self._links[entry.path] = normalise(f"{base}/{entry.link}") or ""
        except DamageError as damage:
            reason = f"{damage.reason} at byte {damage.offset} of the archive; what stands before it was read"
            self.unknowns.append(Unknown(subject=source, reason=reason, advice=damage.advice))


def read_at(file: BinaryIO) -> ReadAt:
    """Return the way to read a file by offset; what was written to it must have been flushed."""
    return partial(os.pread, file.fileno())


def uncompressed(file: BinaryIO, size: int, source: str) -> tuple[BinaryIO, int, tuple[Unknown, ...]]:
    """Return the file itself when it is plain, else a nameless temporary file with its uncompressed bytes and size.

    The bytes of an image are never run or extracted; the temporary file has no name and ends with its handle.
    """
    limits = msgspec.structs.replace(Limits(), layer_bytes=Limits().image_bytes)
    chunks = Chunks(Window(read_at(file), 0, size), limits)
    if chunks.compression == "none":
        return file, size, ()
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it with the store
    try:
        while chunk := chunks.next():
            spool.write(chunk)
        spool.flush()
    except DamageError as damage:
        spool.flush()
        reason = f"{damage.reason} at byte {damage.offset} of the uncompressed archive; what stands before it was read"
        spool.flush()
        return spool, spool.tell(), (Unknown(subject=source, reason=reason, advice=damage.advice),)
    except BaseException:
        spool.close()
        raise
    spool.flush()
    return spool, spool.tell(), ()
