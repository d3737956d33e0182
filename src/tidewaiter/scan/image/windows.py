"""A part of a file as a forward-only stream; large parts are passed over, not read."""

from collections.abc import Callable

ReadAt = Callable[[int, int], bytes]
"""Returns up to so many bytes from an offset, as `os.pread` does; nothing of the file's own position is used."""


class Window:
    """`length` bytes of a file from `start`; several windows of one file may be used at once, by several processes."""

    def __init__(self, read_at: ReadAt, start: int, length: int) -> None:
        """Take the way to read; a window closes nothing."""
        self._read_at = read_at
        self._at = start
        self._end = start + length

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, empty at the end of the window or of the file."""
        size = min(size, self._end - self._at)
        if size <= 0:
            return b""
        data = self._read_at(size, self._at)
        self._at += len(data)
        return data

    def skip(self, size: int, /) -> int:
        """Pass over up to `size` bytes; return how many."""
        passed = max(min(size, self._end - self._at), 0)
        self._at += passed
        return passed
