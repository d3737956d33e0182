"""Rust: TOML in Markdown, one file per advisory, or lines of JSON made from them (rustsec/advisory-db)."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record, Statement
from tidewaiter.core.vuln.ranges import RangeError
from tidewaiter.core.vuln.ranges.cargo import Cargo
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import curated, day, outside, short
from tidewaiter.scan.json_stream import JsonStreamError, keys_at

_CARGO = Cargo()
_OWN = "rust/"


class _Facts(msgspec.Struct):
    id: str
    package: str
    date: str = ""
    title: str = ""
    aliases: list[str] = []
    cvss: str | None = None
    informational: str | None = None
    withdrawn: str | None = None
    collection: str = ""


class _Versions(msgspec.Struct):
    patched: list[str] = []
    unaffected: list[str] = []


class _Advisory(msgspec.Struct):
    advisory: _Facts
    versions: _Versions = msgspec.field(default_factory=_Versions)
    title: str = msgspec.field(name="_title", default="")
    text: str = msgspec.field(name="_md", default="")
    path: str = msgspec.field(name="_path", default="")

    @property
    def is_about_rust(self) -> bool:
        """Tell an advisory about the compiler and its libraries from one about a crate of the same name."""
        return self.advisory.collection == "rust" or self.path.startswith(_OWN)


class Rustsec:
    """Crates; `unmaintained`, `unsound` and notices are a class of their own."""

    id = "rustsec"
    tags = frozenset({"advisories", "crates.io"})
    is_snapshot = False
    feed = Feed(
        id="rustsec",
        name="RustSec advisory database",
        url="https://github.com/rustsec/advisory-db",
        licence="CC0-1.0",
        precedence=1,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the two tables of an advisory."""
        is_toml = head.lstrip().startswith(b"```toml") and b"[advisory]" in head
        return is_toml or ({"advisory", "versions"} <= {*keys_at(head, 1)} and b'"package"' in head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per advisory; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(_Advisory)
        try:
            for place, advisory in curated(stream, decoder, problem=notes.problem):
                try:
                    record = _record(advisory)
                except RangeError as error:
                    notes.problem(advisory.advisory.id[:80] or place, str(error))
                    continue
                notes.newest(record.modified)
                if record.kind == "withdrawn":
                    notes.skip("withdrawn")
                if advisory.is_about_rust:
                    notes.skip("about Rust itself, not about a crate")
                else:
                    yield record
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _record(advisory: _Advisory) -> Record:
    facts = advisory.advisory
    if not facts.id.strip() or not facts.package.strip():
        raise RangeError("no id or no package")
    if facts.withdrawn:
        return Record(feed=Rustsec.id, record=facts.id, id=facts.id, kind="withdrawn", modified=day(facts.withdrawn))
    key = PackageKey(ecosystem="crates.io", name=facts.package)
    intervals = outside(_CARGO, advisory.versions.patched, advisory.versions.unaffected)
    return Record(
        feed=Rustsec.id,
        record=facts.id,
        id=facts.id,
        aliases=tuple(dict.fromkeys(facts.aliases)),
        kind="informational" if facts.informational else "vulnerability",
        vectors=(facts.cvss,) if facts.cvss else (),
        title=short(facts.title or advisory.title or advisory.text.lstrip("# ")),
        published=day(facts.date),
        modified=day(facts.date),
        statements=tuple(Statement(key=key, interval=interval) for interval in intervals),
    )
