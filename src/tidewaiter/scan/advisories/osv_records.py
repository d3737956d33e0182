"""OSV texts to records of ours, for feeds that differ in name, terms and trust alone."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

import msgspec

from tidewaiter.core.vuln.advisory import Record
from tidewaiter.core.vuln.osv import OsvReader, OsvRecord
from tidewaiter.scan.advisories.osv_text import osv_parts
from tidewaiter.scan.json_stream import UNREADABLE


class Listener(Protocol):
    """Who is told what could not be taken."""

    def problem(self, place: str, reason: str) -> None:
        """Note a record that is broken."""
        ...

    def skip(self, reason: str) -> None:
        """Count something that is fine but of no use."""
        ...

    def newest(self, time: str) -> None:
        """Keep the newest time seen."""
        ...


def _as_it_is(osv: OsvRecord) -> OsvRecord:
    return osv


def osv_records(
    stream: BinaryIO, *, feed: str, listener: Listener, prepare: Callable[[OsvRecord], OsvRecord] = _as_it_is
) -> Iterator[Record]:
    """Yield the records of every part that decodes; JsonStreamError when the stream itself is damaged.

    `prepare` puts right what a feed writes in a way of its own.
    """
    decoder = msgspec.json.Decoder(OsvRecord)
    reader = OsvReader(feed=feed)
    for place, data in osv_parts(stream):
        try:
            osv = decoder.decode(data)
        except UNREADABLE as error:
            listener.problem(place, str(error))
            continue
        listener.newest(osv.time)
        result = reader.read(prepare(osv))
        for reason in result.problems:
            listener.problem(osv.id[:80] or place, reason)
        for reason in result.skipped:
            listener.skip(reason)
        yield from result.records
