"""Ruby: one YAML file per advisory, or lines of JSON made from them (rubysec/ruby-advisory-db)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record, Statement
from tidewaiter.core.vuln.cvss import band
from tidewaiter.core.vuln.ranges import RangeError
from tidewaiter.core.vuln.ranges.gem import Gem
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import curated, day, outside, short
from tidewaiter.scan.json_stream import JsonStreamError, keys_at

_YAML = re.compile(rb"(?m)^gem:\s*\S")
_GEM = Gem()


class _Advisory(msgspec.Struct):
    gem: str
    cve: str | None = None
    ghsa: str | None = None
    osvdb: int | str | None = None
    title: str | None = None
    date: str | None = None
    cvss_v2: float | None = None
    cvss_v3: float | None = None
    cvss_v4: float | None = None
    patched_versions: list[str] | None = None
    unaffected_versions: list[str] | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids, the CVE first."""
        named = (("CVE-", self.cve), ("GHSA-", self.ghsa), ("OSVDB-", self.osvdb))
        return tuple(f"{start}{str(number).removeprefix(start)}" for start, number in named if number)


class Rubysec:
    """Gems; scores come as numbers without vectors and count as the database's word."""

    id = "rubysec"
    tags = frozenset({"advisories", "RubyGems"})
    is_snapshot = False
    feed = Feed(
        id="rubysec",
        name="Ruby advisory database",
        url="https://github.com/rubysec/ruby-advisory-db",
        licence="public domain",
        precedence=2,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise an advisory by the fields that name gem and versions."""
        keys = {*keys_at(head, 1)}
        is_json = "gem" in keys and bool(keys & {"patched_versions", "unaffected_versions", "title"})
        return is_json or (_YAML.search(head) is not None and (b"\ntitle:" in head or b"patched_versions:" in head))

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per advisory; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(_Advisory)
        try:
            for place, advisory in curated(stream, decoder, problem=notes.problem):
                try:
                    record = _record(advisory)
                except RangeError as error:
                    notes.problem(place or advisory.gem[:80], str(error))
                    continue
                if record is None:
                    notes.problem(place or advisory.gem[:80], "no gem, or no id of the defect")
                else:
                    notes.newest(record.modified)
                    yield record
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _record(advisory: _Advisory) -> Record | None:
    ids = advisory.ids
    if not ids or not advisory.gem.strip():
        return None
    key = PackageKey(ecosystem="RubyGems", name=advisory.gem)
    intervals = outside(_GEM, advisory.patched_versions, advisory.unaffected_versions)
    score = advisory.cvss_v4 or advisory.cvss_v3 or advisory.cvss_v2
    return Record(
        feed=Rubysec.id,
        record=f"{advisory.gem}/{ids[0]}",
        id=ids[0],
        aliases=ids[1:],
        severity=band(score).value if score is not None else "",
        title=short(advisory.title),
        published=day(advisory.date),
        modified=day(advisory.date),
        statements=tuple(Statement(key=key, interval=interval) for interval in intervals),
    )
