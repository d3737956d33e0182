"""Fixes that Debian changelogs name, derived facts as JSON lines `{ecosystem, source, cve, fixed, dist, date}`.

Each line is the first version of a source package whose changelog names a CVE. Defects that are still open are not in
it, so it never shows that something is clean.
"""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.ecosystems import split_ecosystem
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import decode_lines, keys_at


class _Line(msgspec.Struct):
    ecosystem: str
    source: str
    cve: str
    fixed: str
    dist: str = ""
    date: str = ""


class DebianChangelogFixes:
    """Facts from changelogs; no text of them."""

    id = "debian-changelog-fixes"
    tags = frozenset({"advisories", "Debian"})
    is_snapshot = False
    feed = Feed(
        id="debian-changelog-fixes",
        name="Fixes named by Debian changelogs",
        url="https://metadata.ftp-master.debian.org/changelogs/",
        licence="facts",
        precedence=2,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the fields of the first line that is an object."""
        return any({"ecosystem", "source", "cve", "fixed"} <= {*keys_at(line, 1)} for line in head.splitlines()[:3])

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per line; DocumentError when a line has no end."""
        lines = decode_lines(stream, msgspec.json.Decoder(_Line), problem=notes.problem, refuse=DocumentError)
        for number, line in lines:
            ecosystem, release = split_ecosystem(line.ecosystem)
            if (
                ecosystem != "Debian"
                or not release
                or CVE.fullmatch(line.cve) is None
                or not line.source
                or not line.fixed
            ):
                notes.problem(f"line {number}", f"no Debian release, source, CVE or version in {line.cve[:40]!r}")
                continue
            notes.newest(line.date)
            key = PackageKey(ecosystem=ecosystem, release=release, name=line.source)
            yield Record(
                feed=self.id,
                record=f"{line.ecosystem}/{line.source}/{line.cve}",
                id=line.cve,
                modified=line.date,
                statements=(Statement(key=key, interval=Interval(hi=line.fixed, fixed=line.fixed)),),
            )
