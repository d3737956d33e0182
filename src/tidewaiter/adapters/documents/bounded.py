"""A byte stream that cannot be made to give more than allowed, and that tells every kind of damage in one way."""

import io
import zipfile
import zlib
from typing import BinaryIO

from tidewaiter.ports.advisories import DocumentError

DAMAGE = (EOFError, OSError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What the decompressors of the standard library raise on damaged or encrypted input."""


class Budget:
    """The bytes that all documents of one source together may still give."""

    def __init__(self, size: int) -> None:
        """Allow `size` bytes."""
        self.left = size


class Bounded(io.RawIOBase):
    """Gives a head that was read before, then the rest of the stream, at most `limit` bytes and within the budget."""

    def __init__(self, stream: BinaryIO, *, head: bytes, limit: int, budget: Budget) -> None:
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
        self._budget.left -= len(data)
        if self._left < 0 or self._budget.left < 0:
            which = "document" if self._left < 0 else "source"
            raise DocumentError(f"the {which} gives more bytes than allowed, it may be a decompression bomb")
        buffer[: len(data)] = data
        return len(data)


def read(stream: BinaryIO, size: int) -> bytes:
    """Return the next bytes of a stream; DocumentError on damage."""
    try:
        return stream.read(size)
    except DAMAGE as error:
        raise DocumentError(f"damaged or cut off: {error}") from error
