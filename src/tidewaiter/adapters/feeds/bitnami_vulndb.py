"""Bitnami: OSV records BIT-* by component (bitnami/vulndb); severities stand in the entries."""

from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_records import osv_records
from tidewaiter.scan.advisories.osv_text import first_id, is_osv
from tidewaiter.scan.json_stream import JsonStreamError


class BitnamiVulndb:
    """Applications as Bitnami packs them, whatever packed them."""

    id = "bitnami-vulndb"
    tags = frozenset({"advisories", "Bitnami"})
    is_snapshot = False
    feed = Feed(
        id="bitnami-vulndb",
        name="Bitnami vulnerability database",
        url="https://github.com/bitnami/vulndb",
        licence="Apache-2.0",
        precedence=1,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise OSV records of Bitnami."""
        return first_id(head).startswith("BIT-") and is_osv(head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per advisory; DocumentError when the stream itself is damaged."""
        try:
            yield from osv_records(stream, feed=self.id, listener=notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error
