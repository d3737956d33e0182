"""A byte stream that cannot be made to give more than allowed, and that tells every kind of damage in one way."""

import io
import lzma
import tarfile
import zipfile
import zlib
from typing import BinaryIO

import msgspec
import zstandard

from tidewaiter.ports.advisories import DocumentError

DAMAGE = (
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
)
"""What the decompressors and archive readers raise on damaged, encrypted or absurd input."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one source may give."""

    document: int = 2 << 30
    """Bytes of one document after decompression."""
    source: int = 32 << 30
    """Bytes of all documents of one path together."""
    entries: int = 2_000_000
    """Documents of one archive."""
    ratio: int = 1000
    """Bytes that one byte of a file may become, once `free` bytes have been given; solid archives of JSON reach 300."""
    free: int = 100 << 20
    nested: int = 512 << 20
    """Bytes of an archive inside an archive that must be kept to be read (zip)."""
    depth: int = 2
    """Archives within each other."""


class Budget:
    """The bytes that all documents of one source together may still give."""

    def __init__(self, size: int, above: "Budget | None" = None) -> None:
        """Allow `size` bytes, and no more than the budget above allows."""
        self._left = size
        self._above = above

    def take(self, size: int) -> bool:
        """Take bytes; False when too many were taken."""
        self._left -= size
        return (self._above is None or self._above.take(size)) and self._left >= 0


class Bounded(io.RawIOBase):
    """Gives a head that was read before, then the rest of the stream, at most `limit` bytes and within the budget."""

    def __init__(self, stream: BinaryIO, *, head: bytes = b"", limit: int, budget: Budget) -> None:
        """Count what is read; the head counts too."""
        super().__init__()
        self._stream = stream
        self._head = head
        self._left = limit
        self._budget = budget

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; DocumentError on damage and on a limit."""
        if self._head:
            data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            data = read(self._stream, len(buffer))
        self._left -= len(data)
        within = self._budget.take(len(data))
        if self._left < 0 or not within:
            which = "document" if self._left < 0 else "source"
            raise DocumentError(f"the {which} gives more bytes than allowed, it may be a decompression bomb")
        buffer[: len(data)] = data
        return len(data)


class Prefixed(io.RawIOBase):
    """Gives bytes that were already taken from a stream, then the rest of it."""

    def __init__(self, prefix: bytes, stream: BinaryIO) -> None:
        """Put `prefix` before what the stream still has."""
        super().__init__()
        self._prefix = prefix
        self._stream = stream

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; errors of the stream pass through."""
        if self._prefix:
            data, self._prefix = self._prefix[: len(buffer)], self._prefix[len(buffer) :]
        else:
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Broken(io.RawIOBase):
    """A stream that was found damaged when it was opened; every read says so."""

    def __init__(self, error: Exception) -> None:
        """Keep what was wrong."""
        super().__init__()
        self._error = error

    def read(self, size: int = -1, /) -> bytes:  # noqa: ARG002 - the interface of streams
        """Raise DocumentError."""
        if isinstance(self._error, DocumentError):
            raise self._error
        raise DocumentError(f"damaged or cut off: {self._error}") from self._error


def read(stream: BinaryIO, size: int) -> bytes:
    """Return the next bytes of a stream; DocumentError on damage."""
    try:
        return stream.read(size)
    except DAMAGE as error:
        raise DocumentError(f"damaged or cut off: {error}") from error


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Return `size` bytes, fewer only at the end of the stream; DocumentError on damage."""
    parts = []
    while size > 0 and (part := read(stream, size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
