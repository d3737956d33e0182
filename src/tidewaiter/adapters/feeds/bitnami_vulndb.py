"""Bitnami: OSV records BIT-* by component (bitnami/vulndb); severities stand in the entries."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.osv import OsvAffected, OsvRecord
from tidewaiter.core.vuln.versions.bitnami import HIGHEST, split_revisions
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_records import osv_records
from tidewaiter.scan.advisories.osv_text import first_id, is_osv
from tidewaiter.scan.json_stream import JsonStreamError

_LOWEST = "-0"


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
            yield from osv_records(stream, feed=self.id, listener=notes, prepare=_prepared)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _prepared(osv: OsvRecord) -> OsvRecord:
    return msgspec.structs.replace(osv, affected=[_entry(entry) for entry in osv.affected or ()])


def _entry(entry: OsvAffected) -> OsvAffected:
    ranges = [
        msgspec.structs.replace(one, events=[_event(event) for event in one.events or ()]) for one in entry.ranges or ()
    ]
    return msgspec.structs.replace(entry, ranges=ranges)


def _event(event: dict[str, Any]) -> dict[str, Any]:
    """Write what an event means in the order of Bitnami's own packages, where a number after `-` is a revision.

    `introduced: 1.24.0-0` is below every prerelease, as Go writes it. A last affected version stands for all revisions of
    it: a new build of the package mends nothing upstream.
    """
    start, last = event.get("introduced"), event.get("last_affected")
    if isinstance(start, str) and start.endswith(_LOWEST):
        return {**event, "introduced": f"{start}.0"}
    if isinstance(last, str) and not split_revisions(last)[1]:
        return {**event, "last_affected": last.strip() + HIGHEST}
    return event
