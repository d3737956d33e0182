"""CVSS vectors and weaknesses by CVE as JSON lines `{id, cvss{cvssV3_1: vector}, cwe[]}` (cisagov/vulnrichment).

It names no packages: its records only answer how severe and of what kind a CVE is where the feed that matched says nothing.
"""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import decode_lines, keys_at


class _Line(msgspec.Struct):
    id: str
    cvss: dict[str, str] = {}
    cwe: list[str] | None = None


class Vulnrichment:
    """Scores by an authorised publisher of CVE data; CC0."""

    id = "vulnrichment"
    tags = frozenset({"severity"})
    is_snapshot = True
    feed = Feed(
        id="vulnrichment",
        name="CISA enrichment of CVE records",
        url="https://github.com/cisagov/vulnrichment",
        licence="CC0-1.0",
        precedence=3,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the fields of the first line that is an object; records of OSV always have a date or packages."""
        for line in head.splitlines()[:3]:
            keys = {*keys_at(line, 1)}
            if {"id", "ssvc"} <= keys or {"id", "cvss"} == keys:
                return True
        return False

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per line that has a vector or a weakness; DocumentError when a line has no end."""
        lines = decode_lines(stream, msgspec.json.Decoder(_Line), problem=notes.problem, refuse=DocumentError)
        for number, line in lines:
            if CVE.fullmatch(line.id) is None:
                notes.problem(f"line {number}", f"`{line.id[:40]}` is not a CVE id")
            elif not line.cvss and not line.cwe:
                notes.skip("no CVSS vector and no weakness")
            else:
                cwes = tuple(sorted({name for name in line.cwe or () if name.startswith("CWE-")}))
                yield Record(feed=self.id, record=line.id, id=line.id, vectors=tuple(line.cvss.values()), cwes=cwes)
