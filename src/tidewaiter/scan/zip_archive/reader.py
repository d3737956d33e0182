"""Bodies of members: stored ones as they lie, deflated ones inflated within the declared size."""

import struct
import zlib
from bisect import bisect
from typing import Final

from tidewaiter.scan.zip_archive.bounds import Budget, ZipError
from tidewaiter.scan.zip_archive.directory import Directory, Member

_LOCAL: Final = struct.Struct("<4s22xHH")
_STORED: Final = 0
_DEFLATED: Final = 8
_ENCRYPTED: Final = 1


class Reader:
    """Reads members of one archive; no two of them may share bytes, which only a bomb would do."""

    def __init__(self, data: memoryview, directory: Directory, budget: Budget) -> None:
        """Keep what all reads share; `data` is the whole archive."""
        self._data = data
        self._end = directory.start
        self._budget = budget
        self._spans: list[tuple[int, int]] = []

    def read(self, member: Member, limit: int) -> memoryview:
        """Return the body, as a slice of the archive when it is stored; raise ZipError.

        `limit` bounds what comes out, in bytes; the checksum of inflated bodies is verified.
        """
        if member.flags & _ENCRYPTED:
            raise ZipError("it is encrypted")
        if member.size > limit:
            raise ZipError(f"it has {member.size} bytes, more than the {limit} that are read")
        body = self._body(member)
        if member.method == _STORED:
            if len(body) != member.size:
                raise ZipError("its declared size is not the stored one")
            return body
        if member.method != _DEFLATED:
            raise ZipError(f"it is packed by method {member.method}, which is not read")
        self._budget.take_bytes(member.size)
        return memoryview(_inflate(body, member))

    def _body(self, member: Member) -> memoryview:
        start = member.offset
        if start + _LOCAL.size > self._end:
            raise ZipError("it lies outside the archive")
        magic, name_length, extra = _LOCAL.unpack_from(self._data, start)
        named = start + _LOCAL.size
        if magic != b"PK\3\4" or bytes(self._data[named : named + name_length]) != member.name:
            raise ZipError("its local header does not fit the directory")
        begin = named + name_length + extra
        end = begin + member.stored
        if end > self._end:
            raise ZipError("it lies outside the archive")
        self._claim(start, end)
        return self._data[begin:end]

    def _claim(self, start: int, end: int) -> None:
        at = bisect(self._spans, (start, end))
        before = self._spans[at - 1] if at else (0, 0)
        after = self._spans[at] if at < len(self._spans) else (end, end)
        if (start, end) != before and (before[1] > start or after[0] < end):
            raise ZipError("it overlaps another member")
        self._spans.insert(at, (start, end))


def _inflate(body: memoryview, member: Member) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        out = stream.decompress(body, member.size + 1)
    except zlib.error as error:
        raise ZipError(f"it cannot be inflated ({error})") from error
    if len(out) != member.size or not stream.eof:
        raise ZipError("its declared size is not what comes out")
    if zlib.crc32(out) != member.crc:
        raise ZipError("its checksum is wrong")
    return out
