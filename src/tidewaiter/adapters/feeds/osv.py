"""OSV records: one JSON object, JSON lines or a JSON array (ossf/osv-schema)."""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.osv import OsvReader, OsvRecord
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, keys_at, members

_LARGEST = 64 << 20
_CHUNK = 1 << 20
_SNIFFED_LINES = 4
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Osv:
    """GitHub, PyPA, malicious packages, Debian and every other database that writes OSV."""

    id = "osv"
    tags = frozenset({"advisories"})
    is_snapshot = False
    feed = Feed(
        id="osv",
        name="OSV records",
        url="https://osv-vulnerabilities.storage.googleapis.com/",
        licence="of each database (CC-BY-4.0, CC0-1.0, MIT)",
        precedence=1,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise a record among the first lines, or at the start of an array."""
        starts = [head, *head.split(b"\n", _SNIFFED_LINES)[1:_SNIFFED_LINES]]
        return any(_is_record(keys_at(start, depth)) for start in starts for depth in (1, 2))

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield the records of every part that decodes; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(OsvRecord)
        reader = OsvReader(feed=self.id)
        for place, data in _parts(stream):
            try:
                record = decoder.decode(data)
            except UNREADABLE as error:
                notes.problem(place, str(error))
                continue
            notes.newest(record.time)
            result = reader.read(record)
            for reason in result.problems:
                notes.problem(record.id[:80] or place, reason)
            for reason in result.skipped:
                notes.skip(reason)
            yield from result.records


def _is_record(keys: tuple[str, ...]) -> bool:
    return ("id" in keys and bool({"modified", "affected", "schema_version"} & {*keys})) or {
        "affected",
        "schema_version",
    } <= {*keys}


def _parts(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield (place, bytes) of each record, whichever of the three forms the document has.

    JSON lines when the first line is complete or the second begins an object too; an array by its first character; all
    else is one object over several lines.
    """
    number, first = _next_line(stream, 0)
    start = first.removeprefix(_BYTE_ORDER_MARK).strip()
    if start.startswith(b"["):
        yield from _elements(first, stream)
        return
    after, second = _next_line(stream, number)
    if not second or _is_complete(start) or second.startswith(b"{"):
        yield f"line {number}", start
        while second:
            yield f"line {after}", second
            after, second = _next_line(stream, after)
        return
    whole = first + second + stream.read(_LARGEST)
    if len(whole) > _LARGEST:
        raise DocumentError(f"one record is larger than {_LARGEST} bytes")
    yield "", whole.removeprefix(_BYTE_ORDER_MARK)


def _next_line(stream: BinaryIO, number: int) -> tuple[int, bytes]:
    """Return the number and bytes of the next line that is not blank; empty at the end."""
    while line := stream.readline(_LARGEST):
        number += 1
        if len(line) == _LARGEST and not line.endswith(b"\n"):
            raise DocumentError(f"line {number} is longer than {_LARGEST} bytes")
        if line.strip():
            return number, line
    return number, b""


def _elements(first: bytes, stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    chunks = chain((first,), iter(lambda: stream.read(_CHUNK), b""))
    try:
        for place, (_, raw) in enumerate(members(chunks, limit=_LARGEST)):
            yield f"element {place}", raw
    except JsonStreamError as error:
        raise DocumentError(str(error)) from error


def _is_complete(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except UNREADABLE:
        return False
    return True
