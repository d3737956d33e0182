"""The Berkeley DB form, a hash file (Oracle Berkeley DB: dbinc/db_page.h; rpm: lib/backend/db3.c)."""

import struct
from collections.abc import Iterator
from typing import Final

from tidewaiter.scan.rpm.blobs import Blobs

_MAGIC: Final = 0x061561
_META_BYTES: Final = 72
_PAGE_HEADER: Final = 26
_HASH_PAGES: Final = frozenset({13, 2})
"""Sorted hash pages, and the unsorted ones of Berkeley DB before 4.6 (RHEL 5)."""
_OVERFLOW: Final = 7
_ON_PAGE: Final = 1
_OFF_PAGE: Final = 3
_SMALLEST_PAGE: Final = 512
_LARGEST_PAGE: Final = 65536
_INSTANCE: Final = b"\0\0\0\0"
"""The key under which rpm keeps the number of the last package."""


def is_bdb(data: bytes) -> bool:
    """Return whether the file is a hash of either byte order."""
    return len(data) >= _META_BYTES and _order(data) != ""


def _order(data: bytes) -> str:
    for order in "<>":
        if struct.unpack_from(f"{order}I", data, 12)[0] == _MAGIC:
            return order
    return ""


def read_bdb(data: bytes) -> Blobs:
    """Return the header blobs in the order of their package numbers."""
    return _Hash(data).read()


class _Hash:
    """One reading; every overflow page is used once, so a loop of pages ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = _order(data)
        self._page = struct.unpack_from(f"{self._order}I", data, 20)[0]
        self._used: set[int] = set()
        self.blobs = Blobs()

    def read(self) -> Blobs:
        size = self._page
        if not _SMALLEST_PAGE <= size <= _LARGEST_PAGE or size & (size - 1):
            self.blobs.note(f"the database states pages of {size} bytes")
            return self.blobs
        last = struct.unpack_from(f"{self._order}I", self._data, 32)[0]
        have = len(self._data) // size
        if last + 1 > have:
            self.blobs.note(f"the database is cut off: it has {have} whole pages, {last + 1} are stated")
        for number in range(1, min(last + 1, have)):
            if self._data[number * size + 25] in _HASH_PAGES:
                for key, value in self._pairs(number):
                    self._add(number, key, value)
        self.blobs.headers.sort(key=lambda numbered: numbered[0])
        return self.blobs

    def _add(self, page: int, key: bytes, value: bytes) -> None:
        """Keep the value unless it is rpm's own counter."""
        if key[:1] != bytes([_ON_PAGE]) or len(key) != 5:
            self.blobs.note(f"a key of page {page} is no package number")
            return
        if key[1:] == _INSTANCE:
            return
        number = struct.unpack_from(f"{self._order}I", key, 1)[0]
        header = self._value(number, value)
        if header:
            self.blobs.headers.append((number, header))

    def _pairs(self, number: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield key and value of each pair of a hash page, with their leading type byte."""
        start = number * self._page
        page = self._data[start : start + self._page]
        count = struct.unpack_from(f"{self._order}H", page, 20)[0]
        if _PAGE_HEADER + 2 * count > len(page):
            self.blobs.note(f"page {number} states {count} entries, more than fit into it")
            return
        offsets = struct.unpack_from(f"{self._order}{count}H", page, _PAGE_HEADER)
        end = len(page)
        items = []
        for offset in offsets:
            if not _PAGE_HEADER + 2 * count <= offset < end:
                self.blobs.note(f"the entries of page {number} are out of order")
                return
            items.append(page[offset:end])
            end = offset
        if count % 2:
            self.blobs.note(f"page {number} has a key without a value")
        yield from zip(items[::2], items[1::2], strict=False)

    def _value(self, number: int, value: bytes) -> bytes:
        if value[0] == _ON_PAGE:
            return value[1:]
        if value[0] != _OFF_PAGE or len(value) < 12:
            self.blobs.note(f"package {number} is stored in a way that is not known")
            return b""
        page, length = struct.unpack_from(f"{self._order}2I", value, 4)
        header = self._chain(page, length)
        if len(header) < length:
            self.blobs.note(f"package {number} is cut off: {len(header)} of {length} bytes")
            return b""
        return header

    def _chain(self, number: int, length: int) -> bytes:
        """Return what a chain of overflow pages holds, at most `length` bytes."""
        parts: list[bytes] = []
        missing = length
        while missing > 0 and number and number not in self._used:
            self._used.add(number)
            start = number * self._page
            if start + self._page > len(self._data) or self._data[start + 25] != _OVERFLOW:
                break
            following = struct.unpack_from(f"{self._order}I", self._data, start + 16)[0]
            used = struct.unpack_from(f"{self._order}H", self._data, start + 22)[0]
            room = self._page - _PAGE_HEADER if following else min(used, self._page - _PAGE_HEADER)
            parts.append(self._data[start + _PAGE_HEADER : start + _PAGE_HEADER + min(room, missing)])
            missing -= len(parts[-1])
            if not parts[-1]:
                break
            number = following
        return b"".join(parts)
