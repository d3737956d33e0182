"""SUSE and openSUSE: OSV records (ftp.suse.com: pub/projects/security/osv); `binaries` names the built packages."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from tidewaiter.core.vuln import suse
from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.osv import OsvAffected, OsvRecord
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_text import first_record, is_osv, osv_parts
from tidewaiter.scan.advisories.rows import Fact, fixed_in, joined, notice
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError

_MARK = re.compile(rb'"id"\s*:\s*"(?:open)?SUSE-[SRFOI]U-|"ecosystem"\s*:\s*"(?:open)?SUSE:')


class SuseOsv:
    """Fixes; OVAL of the same vendor also knows what is open and is believed before."""

    id = "suse-osv"
    tags = frozenset({"advisories", "SUSE", "openSUSE"})
    is_snapshot = False
    feed = Feed(
        id="suse-osv",
        name="SUSE updates (OSV)",
        url="https://ftp.suse.com/pub/projects/security/osv/",
        licence="CC-BY-4.0",
        precedence=1,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise OSV records of SUSE, which often begin with `affected`."""
        return is_osv(head) and _MARK.search(first_record(head)) is not None

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each update; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(OsvRecord)
        try:
            for place, data in osv_parts(stream):
                try:
                    osv = decoder.decode(data)
                except UNREADABLE as error:
                    notes.problem(place, str(error))
                    continue
                yield from self._record(osv, place, notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error

    def _record(self, osv: OsvRecord, place: str, notes: Notes) -> Iterator[Record]:
        notes.newest(osv.time)
        if not osv.id.strip():
            notes.problem(place, "no usable `id`")
            return
        if osv.withdrawn:
            yield Record(feed=self.id, record=osv.id, id=osv.id, kind="withdrawn", modified=osv.time)
            return
        if not osv.affected:
            notes.skip("updates without packages")
            return
        facts = [fact for entry in osv.affected for fact in _facts(entry, notes)]
        if not facts:
            return
        names = (*(osv.upstream or ()), *(osv.related or ()), *(osv.aliases or ()))
        yield from notice(
            feed=self.id,
            record=osv.id,
            cves=[name for name in names if CVE.fullmatch(name)],
            title=osv.summary or "",
            modified=osv.time,
            statements=joined(facts, ""),
            vectors=tuple(item.score for item in osv.severity or () if item.type.startswith("CVSS_")),
        )


def _facts(entry: OsvAffected, notes: Notes) -> Iterator[Fact]:
    """Yield one fact per binary; the source package's where no binaries are listed."""
    package = entry.package
    if package is None or not package.name or not package.ecosystem:
        notes.skip("names no package")
        return
    vendor, _, name = package.ecosystem.partition(":")
    place = suse.product(f"{vendor} {name}")
    if place is None:
        notes.skip("products that are no system of their own")
        return
    built: dict[str, str] = {}
    for group in _binaries(entry.ecosystem_specific):
        built.update({key: value for key, value in group.items() if isinstance(value, str) and key and value})
    if not built:
        notes.skip("updates without binaries")
    for binary, version in built.items():
        key = PackageKey(ecosystem=place[0], release=place[1], name=binary)
        yield Fact(key=key, interval=fixed_in(version), needs=place[2])


def _binaries(specific: object) -> list[dict[str, Any]]:
    groups = specific.get("binaries") if isinstance(specific, dict) else None
    return [group for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
