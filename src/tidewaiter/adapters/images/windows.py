"""A part of a file as a forward-only stream; large parts are passed by seeking, not by reading."""

from typing import BinaryIO


class Window:
    """`length` bytes of an open file from `start`; several windows of one file may be used one after the other."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        """Keep the file open elsewhere: a window does not close it."""
        self._file = file
        self._at = start
        self._end = start + length

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, empty at the end of the window or of the file."""
        size = min(size, self._end - self._at)
        if size <= 0:
            return b""
        self._file.seek(self._at)
        data = self._file.read(size)
        self._at += len(data)
        return data

    def skip(self, size: int, /) -> int:
        """Pass over up to `size` bytes; return how many."""
        passed = max(min(size, self._end - self._at), 0)
        self._at += passed
        return passed
