"""AlmaLinux: OSV records ALSA-* (AlmaLinux/osv-database) by binary package; the module stands in the summary alone."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.osv import OsvReader, OsvRecord
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_text import first_record, is_osv, osv_parts
from tidewaiter.scan.advisories.summary import by_module
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError

_MARK = re.compile(rb'"id"\s*:\s*"AL[SBE]A-|"ecosystem"\s*:\s*"AlmaLinux')


class AlmalinuxOsv:
    """Fixes; a record that comes several times is united, as each copy holds some of the packages."""

    id = "almalinux-osv"
    tags = frozenset({"advisories", "AlmaLinux"})
    is_snapshot = False
    feed = Feed(
        id="almalinux-osv",
        name="AlmaLinux errata (OSV)",
        url="https://errata.almalinux.org/",
        licence="MIT",
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise OSV records of AlmaLinux."""
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
                if osv.id.startswith(("ALBA-", "ALEA-")) and all(record.id == osv.id for record in result.records):
                    notes.skip("bug fixes and enhancements without CVE")
                    continue
                for record in result.records:
                    statements = by_module(record.statements, osv.summary or "", ecosystem="AlmaLinux")
                    yield msgspec.structs.replace(record, statements=statements)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error
