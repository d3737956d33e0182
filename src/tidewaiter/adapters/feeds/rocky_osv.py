"""Rocky Linux: OSV records RLSA-* (storage: resf-osv-data), which name source packages and no module."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.distributions import rpm_flavour, source_name
from tidewaiter.core.vuln.osv import OsvReader, OsvRecord
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_text import first_record, is_osv, osv_parts
from tidewaiter.scan.advisories.summary import by_module
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError

_MARK = re.compile(rb'"id"\s*:\s*"R[LX][SBE]A-|"ecosystem"\s*:\s*"Rocky Linux')


class RockyOsv:
    """Fixes by source package; what is still open nobody lists."""

    id = "rocky-osv"
    tags = frozenset({"advisories", "Rocky Linux"})
    is_snapshot = False
    feed = Feed(
        id="rocky-osv",
        name="Rocky Linux errata (OSV)",
        url="https://apollo.build.resf.org/",
        licence="BSD-3-Clause",
        precedence=1,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise OSV records of Rocky Linux."""
        return is_osv(head) and _MARK.search(first_record(head)) is not None

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each notice; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(OsvRecord)
        reader = OsvReader(feed=self.id)
        try:
            for place, data in osv_parts(stream):
                try:
                    osv = decoder.decode(data)
                except UNREADABLE as error:
                    notes.problem(place, str(error))
                    continue
                notes.newest(osv.time)
                result = reader.read(osv)
                for reason in result.problems:
                    notes.problem(osv.id[:80] or place, reason)
                for reason in result.skipped:
                    notes.skip(reason)
                if osv.id.startswith(("RLBA-", "RLEA-")) and all(one.id == osv.id for one in result.records):
                    notes.skip("bug fixes and enhancements without CVE")
                    continue
                for record in result.records:
                    yield _of_sources(record, osv.summary or "")
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _of_sources(record: Record, summary: str) -> Record:
    """Return the record with keys that mean source packages, the word of its summary, and its modules."""
    statements = []
    for statement in by_module(record.statements, summary, ecosystem="Rocky Linux"):
        if statement.key.ecosystem != "Rocky Linux":
            statements.append(statement)
            continue
        key = msgspec.structs.replace(statement.key, name=source_name(statement.key.name))
        flavour = rpm_flavour(statement.interval.hi or "")
        asked = msgspec.structs.replace(statement.qualifiers, flavour=flavour)
        statements.append(msgspec.structs.replace(statement, key=key, qualifiers=asked))
    return msgspec.structs.replace(record, statements=tuple(statements))
