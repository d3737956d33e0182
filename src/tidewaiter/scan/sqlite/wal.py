"""The write-ahead log beside a SQLite database (sqlite.org: fileformat2, section 4): pages newer than the file's."""

import struct
from typing import Final

import msgspec

_HEADER: Final = struct.Struct(">8I")
_FRAME: Final = struct.Struct(">6I")
_LITTLE: Final = 0x377F0682
_BIG: Final = 0x377F0683
_VERSION: Final = 3007000
_WORD: Final = 0xFFFFFFFF


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """The committed pages of a log."""

    page_size: int = 0
    """Bytes of one page; 0 when the log holds nothing."""
    pages: dict[int, bytes] = {}
    """Page number -> newest committed content."""
    page_count: int = 0
    """Pages of the database after the last commit; 0 when nothing was committed."""
    damage: str = ""
    """Why the log cannot be used; empty for a good or an absent one."""


def read_wal(data: bytes) -> Log:
    """Return the pages that committed transactions of the log left behind.

    Reading ends at the first frame of an older generation or with a wrong checksum, as SQLite's own recovery does:
    frames after it belong to a transaction that never finished.
    """
    if not data:
        return Log()
    if len(data) < _HEADER.size:
        return Log(damage=f"the write-ahead log has {len(data)} bytes, less than its header")
    magic, version, page_size, _, salt1, salt2, check1, check2 = _HEADER.unpack_from(data)
    if magic not in {_LITTLE, _BIG} or version != _VERSION:
        return Log(damage="the write-ahead log does not start with the mark of one")
    if not is_page_size(page_size):
        return Log(damage=f"the write-ahead log states pages of {page_size} bytes")
    order = ">" if magic == _BIG else "<"
    sums = _checksum(memoryview(data)[:24], order, (0, 0))
    if sums != (check1, check2):
        return Log(damage="the checksum of the write-ahead log's header is wrong")
    pages: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    count = 0
    for offset in range(_HEADER.size, len(data) - _FRAME.size - page_size + 1, _FRAME.size + page_size):
        number, commit, *salts, frame1, frame2 = _FRAME.unpack_from(data, offset)
        body = memoryview(data)[offset + _FRAME.size : offset + _FRAME.size + page_size]
        sums = _checksum(memoryview(data)[offset : offset + 8], order, sums)
        sums = _checksum(body, order, sums)
        if salts != [salt1, salt2] or sums != (frame1, frame2) or not number:
            break
        waiting[number] = bytes(body)
        if commit:
            pages.update(waiting)
            waiting.clear()
            count = commit
    return Log(page_size=page_size, pages=pages, page_count=count)


def is_page_size(size: int) -> bool:
    """Return whether SQLite makes pages of this size."""
    return 512 <= size <= 65536 and not size & (size - 1)


def _checksum(data: memoryview, order: str, start: tuple[int, int]) -> tuple[int, int]:
    """Continue the sum over a multiple of eight bytes."""
    first, second = start
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & _WORD
        second = (second + odd + first) & _WORD
    return first, second
