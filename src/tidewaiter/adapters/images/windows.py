"""A part of a file as a forward-only stream; large parts are passed by counting, not by reading."""

import os
from typing import BinaryIO


class Window:
    """`length` bytes of an open file from `start`; several windows of one file may be used at once, by forks too.

    The file's own position is neither used nor moved, since forked processes share it.
    """

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        """Keep the file open elsewhere: a window does not close it."""
        self._handle = file.fileno()
        self._at = start
        self._end = start + length

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, empty at the end of the window or of the file."""
        size = min(size, self._end - self._at)
        if size <= 0:
            return b""
        data = os.pread(self._handle, size, self._at)
        self._at += len(data)
        return data

    def skip(self, size: int, /) -> int:
        """Pass over up to `size` bytes; return how many."""
        passed = max(min(size, self._end - self._at), 0)
        self._at += passed
        return passed
