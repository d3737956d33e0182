"""Packages that were published to do harm: OSV records MAL-* (ossf/malicious-packages)."""

from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_records import osv_records
from tidewaiter.scan.advisories.osv_text import first_id, is_osv
from tidewaiter.scan.json_stream import JsonStreamError


class MaliciousPackages:
    """A class of its own, always critical; a good package with bad versions lists those."""

    id = "malicious-packages"
    tags = frozenset({"advisories"})
    is_snapshot = False
    feed = Feed(
        id="malicious-packages",
        name="Malicious packages of the Open Source Security Foundation",
        url="https://github.com/ossf/malicious-packages",
        licence="Apache-2.0",
        precedence=1,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise OSV records about malicious packages."""
        return first_id(head).startswith("MAL-") and is_osv(head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per advisory; DocumentError when the stream itself is damaged."""
        try:
            yield from osv_records(stream, feed=self.id, listener=notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error
