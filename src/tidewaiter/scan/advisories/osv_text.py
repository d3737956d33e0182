"""The three forms in which OSV records travel: one JSON object, JSON lines, a JSON array (ossf/osv-schema)."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

import msgspec

from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, keys_at, members

LARGEST: Final = 64 << 20
"""Bytes of one record."""
_ID: Final = re.compile(rb'"id"\s*:\s*"([^"\\]{1,200})"')
_CHUNK: Final = 1 << 20
_SNIFFED_LINES: Final = 4
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def is_osv(head: bytes) -> bool:
    """Tell whether a text starts with an OSV record: among the first lines, or at the start of an array."""
    starts = [head, *head.split(b"\n", _SNIFFED_LINES)[1:_SNIFFED_LINES]]
    return any(_is_record(keys_at(start, depth)) for start in starts for depth in (1, 2))


def first_id(head: bytes) -> str:
    """Return the id of the first record in a text, by which feeds that write OSV are told apart; empty without one."""
    found = _ID.search(head)
    return found[1].decode("utf-8", "replace") if found is not None else ""


def first_record(head: bytes) -> bytes:
    """Return the first record of a text that may be cut off, all of the text where its end is not seen.

    By it the vendor of a document is told: others may stand further down in a mixed file.
    """
    text = head.removeprefix(_BYTE_ORDER_MARK).lstrip(b" \t\r\n[")
    line = text.partition(b"\n")[0].rstrip()
    if _is_complete(line):
        return line
    try:
        for _, raw in members((b"[" + text,), limit=LARGEST):
            return raw
    except JsonStreamError:
        pass
    return text


def osv_parts(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield (place, bytes) of each record, whichever of the three forms the document has; JsonStreamError.

    JSON lines when the first line is complete or the second begins an object too; an array by its first character; all
    else is one object over several lines.
    """
    number, first = _next_line(stream, 0)
    start = first.removeprefix(_BYTE_ORDER_MARK).strip()
    if start.startswith(b"["):
        chunks = chain((first,), iter(lambda: stream.read(_CHUNK), b""))
        for place, (_, raw) in enumerate(members(chunks, limit=LARGEST)):
            yield f"element {place}", raw
        return
    after, second = _next_line(stream, number)
    if not second or _is_complete(start) or second.startswith(b"{"):
        yield f"line {number}", start
        while second:
            yield f"line {after}", second
            after, second = _next_line(stream, after)
        return
    whole = first + second + stream.read(LARGEST)
    if len(whole) > LARGEST:
        raise JsonStreamError(f"one record is larger than {LARGEST} bytes")
    yield "", whole.removeprefix(_BYTE_ORDER_MARK)


def _is_record(keys: tuple[str, ...]) -> bool:
    return ("id" in keys and bool({"modified", "affected", "schema_version"} & {*keys})) or {
        "affected",
        "schema_version",
    } <= {*keys}


def _next_line(stream: BinaryIO, number: int) -> tuple[int, bytes]:
    """Return the number and bytes of the next line that is not blank; empty at the end."""
    while line := stream.readline(LARGEST):
        number += 1
        if len(line) == LARGEST and not line.endswith(b"\n"):
            raise JsonStreamError(f"line {number} is longer than {LARGEST} bytes")
        if line.strip():
            return number, line
    return number, b""


def _is_complete(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except UNREADABLE:
        return False
    return True
