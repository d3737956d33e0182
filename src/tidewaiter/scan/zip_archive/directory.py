"""The central directory of a zip archive (APPNOTE 4.3.12 to 4.3.16), zip64 and self-extracting prefixes included."""

import struct
from collections.abc import Callable
from typing import Final, NamedTuple

from tidewaiter.scan.zip_archive.bounds import DIRECTORY, Budget, ZipError

_ENTRY: Final = struct.Struct("<4s4xHH4xIIIHHH8xI")
_LENGTHS: Final = struct.Struct("<I24xHHH")
"""Magic and the lengths of name, extra field and comment: all that most entries are asked for."""
_MAGIC: Final = 0x02014B50
_END: Final = struct.Struct("<4sHHHHIIH")
_END64: Final = struct.Struct("<4s8x4xIIQQQQ")
_LOCATOR: Final = struct.Struct("<4sIQI")
_COMMENT: Final = 65_535
_FULL: Final = 0xFFFFFFFF
_EXTRA64: Final = 1


class Member(NamedTuple):
    """One entry of the directory."""

    name: bytes
    method: int
    flags: int
    crc: int
    stored: int
    """Bytes as they lie in the archive."""
    size: int
    """Bytes that should come out."""
    offset: int
    """Of the local header, from the start of the data."""


class Directory(NamedTuple):
    """The members that were asked for."""

    members: tuple[Member, ...]
    start: int
    """Where the directory begins: no member's data goes further."""
    entries: int
    """Entries that were seen, wanted or not."""
    problem: str
    """Why the entries behind the last one could not be read; empty when all were."""


class _Place(NamedTuple):
    start: int
    size: int
    entries: int
    shift: int
    """Bytes before the archive, which its own offsets do not count."""


def read_directory(data: memoryview, keep: Callable[[bytes], bool], budget: Budget) -> Directory:
    """Return the members whose name `keep` accepts; raise ZipError when there is no directory to read."""
    place = _locate(data)
    if place.size > DIRECTORY:
        raise ZipError(f"its directory has {place.size} bytes, more than the {DIRECTORY} that are read")
    budget.take_entries(place.entries)
    raw = bytes(data[place.start : place.start + place.size])
    members: list[Member] = []
    position, count, problem = 0, 0, ""
    lengths, fixed, limit = _LENGTHS.unpack_from, _ENTRY.size, place.size - _ENTRY.size
    while position <= limit:
        magic, name_length, extra, comment = lengths(raw, position)
        entry, start = position, position + fixed
        named = start + name_length
        position = named + extra + comment
        if magic != _MAGIC or position > place.size:
            position = entry
            break
        count += 1
        name = raw[start:named]
        if keep(name):
            _, flags, method, crc, stored, size, _, _, _, offset = _ENTRY.unpack_from(raw, entry)
            if _FULL in {stored, size, offset}:
                size, stored, offset = _wide(raw[named : named + extra], (size, stored, offset))
            members.append(Member(name, method, flags, crc, stored, size, offset + place.shift))
    if count < place.entries or position < place.size:
        problem = f"its directory is damaged after entry {count} of {place.entries}"
    elif place.shift and bytes(data[:4]) == b"PK\3\4":
        problem = "its directory is that of a member, so the end is cut off"
    if count > place.entries:
        budget.take_entries(count - place.entries)
    return Directory(tuple(members), place.start, count, problem)


def _locate(data: memoryview) -> _Place:
    tail_start = max(0, len(data) - _END.size - _COMMENT)
    tail = bytes(data[tail_start:])
    found = tail.rfind(b"PK\5\6")
    while found >= 0:
        if found + _END.size <= len(tail):
            _, disk, first, _, count, size, offset, comment = _END.unpack_from(tail, found)
            if found + _END.size + comment <= len(tail) and disk == first:
                return _placed(data, tail_start + found, count, size, offset)
        found = tail.rfind(b"PK\5\6", 0, found)
    raise ZipError("it has no zip directory at its end, so it is cut off or no zip archive")


def _placed(data: memoryview, end: int, count: int, size: int, offset: int) -> _Place:
    if _FULL in {size, offset} or count == 0xFFFF:
        wide = _end64(data, end)
        if wide is not None:
            end, count, size, offset = wide
    start = end - size
    if start < 0 or offset > start:
        raise ZipError("its zip directory lies outside the file")
    if size and bytes(data[start : start + 4]) != b"PK\1\2":
        if bytes(data[offset : offset + 4]) != b"PK\1\2":
            raise ZipError("its zip directory is not where its end says")
        start = offset
    return _Place(start, size, count, start - offset)


def _end64(data: memoryview, end: int) -> tuple[int, int, int, int] | None:
    at = end - _LOCATOR.size
    if at < 0:
        return None
    magic, _, written, _ = _LOCATOR.unpack_from(data, at)
    if magic != b"PK\6\7":
        return None
    for start in (at - _END64.size, written):
        if 0 <= start <= at - _END64.size:
            magic, _, _, _, count, size, offset = _END64.unpack_from(data, start)
            if magic == b"PK\6\6":
                return start, count, size, offset
    return None


def _wide(extra: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return size, stored size and offset with those that are full replaced from the zip64 extra field."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        position += 4
        if kind == _EXTRA64:
            numbers = iter(struct.unpack_from(f"<{min(length, len(extra) - position) // 8}Q", extra, position))
            size, stored, offset = (next(numbers, value) if value == _FULL else value for value in values)
            return size, stored, offset
        position += length
    return values
