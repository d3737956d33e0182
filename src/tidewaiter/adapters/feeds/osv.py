"""OSV records: one JSON object, JSON lines or a JSON array (ossf/osv-schema)."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.osv import OsvReader, OsvRecord
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_text import is_osv, osv_parts
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError


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
        return is_osv(head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield the records of every part that decodes; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(OsvRecord)
        reader = OsvReader(feed=self.id)
        try:
            for place, data in osv_parts(stream):
                try:
                    record = decoder.decode(data)
                except UNREADABLE as error:
                    notes.problem(place, str(error))
                    continue
                yield from _told(reader, record, place, notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _told(reader: OsvReader, record: OsvRecord, place: str, notes: Notes) -> tuple[Record, ...]:
    notes.newest(record.time)
    result = reader.read(record)
    for reason in result.problems:
        notes.problem(record.id[:80] or place, reason)
    for reason in result.skipped:
        notes.skip(reason)
    return result.records
