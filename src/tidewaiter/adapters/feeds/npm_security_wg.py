"""npm packages: JSON, one file per advisory, or lines (nodejs/security-wg: vuln/npm); closed in 2019, still the oldest."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.ranges import RangeError
from tidewaiter.core.vuln.ranges.node import Node
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import curated, day, inside, short
from tidewaiter.scan.json_stream import JsonStreamError, keys_at

_NODE = Node()


class _Advisory(msgspec.Struct):
    id: int | str
    module_name: str
    vulnerable_versions: str
    patched_versions: str | None = None
    cves: list[str] | None = None
    title: str | None = None
    cvss_vector: str | None = None
    publish_date: str | None = None
    updated_at: str | None = None


class NpmSecurityWg:
    """Ranges of npm; `<0.0.0` as patched versions means that there never was a fix."""

    id = "npm-security-wg"
    tags = frozenset({"advisories", "npm"})
    is_snapshot = False
    feed = Feed(
        id="npm-security-wg",
        name="Node.js ecosystem advisories of the security working group",
        url="https://github.com/nodejs/security-wg",
        licence="MIT",
        precedence=2,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise an advisory by its names for module and versions."""
        return {"module_name", "vulnerable_versions"} <= {*keys_at(head, 1)}

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield the records of each advisory; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(_Advisory)
        try:
            for place, advisory in curated(stream, decoder, problem=notes.problem):
                try:
                    statements = _statements(advisory)
                except RangeError as error:
                    notes.problem(place or str(advisory.id)[:80], str(error))
                    continue
                notes.newest(day(advisory.updated_at or advisory.publish_date))
                yield from _records(advisory, statements)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _statements(advisory: _Advisory) -> tuple[Statement, ...]:
    if not advisory.module_name.strip():
        raise RangeError("it names no module")
    key = PackageKey(ecosystem="npm", name=advisory.module_name)
    patched = [advisory.patched_versions] if advisory.patched_versions else None
    return tuple(Statement(key=key, interval=one) for one in inside(_NODE, [advisory.vulnerable_versions], patched))


def _records(advisory: _Advisory, statements: tuple[Statement, ...]) -> Iterator[Record]:
    """Yield one record; one per CVE when there are several, which are a group and no names of each other."""
    own = f"NSWG-ECO-{advisory.id}"
    cves = list(dict.fromkeys(name.strip() for name in advisory.cves or () if CVE.fullmatch(name.strip())))
    for identity in cves or [own]:
        yield Record(
            feed=NpmSecurityWg.id,
            record=own,
            id=identity,
            aliases=(own,) if len(cves) == 1 else (),
            vectors=(advisory.cvss_vector,) if advisory.cvss_vector else (),
            title=short(advisory.title),
            published=day(advisory.publish_date),
            modified=day(advisory.updated_at or advisory.publish_date),
            statements=statements,
        )
