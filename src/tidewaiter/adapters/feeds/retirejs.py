"""JavaScript libraries: one JSON object by library (RetireJS/retire.js: repository/*.json)."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.ranges import RangeError
from tidewaiter.core.vuln.ranges.retire import retire_interval
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import curated, short
from tidewaiter.scan.json_stream import JsonStreamError, keys_at

_EXAMPLE = "retire-example"


class _Range(msgspec.Struct):
    at_or_above: str = msgspec.field(name="atOrAbove", default="")
    below: str = ""


class _Vulnerability(msgspec.Struct):
    at_or_above: str = msgspec.field(name="atOrAbove", default="")
    below: str = ""
    ranges: list[_Range] | None = None
    severity: str = ""
    summary: str = ""
    cwe: list[str] = []
    identifiers: dict[str, Any] = {}


class _Library(msgspec.Struct):
    vulnerabilities: list[msgspec.Raw] = []
    extractors: Any = None
    npm_name: str = msgspec.field(name="npmname", default="")


class Retirejs:
    """Packages of npm and libraries that are known there; what is only found by its content is passed over."""

    id = "retirejs"
    tags = frozenset({"advisories", "npm"})
    is_snapshot = False
    feed = Feed(
        id="retirejs",
        name="Retire.js",
        url="https://github.com/RetireJS/retire.js",
        licence="Apache-2.0",
        precedence=2,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise libraries with vulnerabilities that lie between bounds."""
        return "vulnerabilities" in keys_at(head, 2) and (b'"below"' in head or b'"atOrAbove"' in head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per vulnerability of each library; DocumentError when the stream itself is damaged."""
        libraries = msgspec.json.Decoder(dict[str, msgspec.Raw])
        library = msgspec.json.Decoder(_Library)
        try:
            for _, value in curated(stream, libraries, problem=notes.problem):
                for name, raw in value.items():
                    if name in {_EXAMPLE, "_path"}:
                        continue
                    try:
                        found = library.decode(raw)
                    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                        notes.problem(name[:80], str(error))
                        continue
                    yield from _library(name, found, notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _library(name: str, library: _Library, notes: Notes) -> Iterator[Record]:
    package = library.npm_name or ("" if library.extractors is not None else name)
    if not package:
        notes.skip("a library that is no package of npm")
        return
    key = PackageKey(ecosystem="npm", name=package)
    decoder = msgspec.json.Decoder(_Vulnerability)
    for place, raw in enumerate(library.vulnerabilities):
        try:
            found = decoder.decode(raw)
            intervals = _intervals(found)
        except (msgspec.MsgspecError, UnicodeDecodeError, RangeError) as error:
            notes.problem(f"{name[:80]} {place}", str(error))
            continue
        yield from _records(found, key, intervals, place)


def _intervals(found: _Vulnerability) -> tuple[Interval, ...]:
    ranges = found.ranges or [_Range(at_or_above=found.at_or_above, below=found.below)]
    return tuple(retire_interval(one.at_or_above, one.below) for one in ranges if one.at_or_above or one.below)


def _records(found: _Vulnerability, key: PackageKey, intervals: tuple[Interval, ...], place: int) -> Iterator[Record]:
    listed = found.identifiers.get("CVE")
    names = listed if isinstance(listed, list) else [listed]
    cves = tuple(dict.fromkeys(name for name in names if isinstance(name, str) and CVE.fullmatch(name)))
    github = found.identifiers.get("githubID")
    others = (github,) if isinstance(github, str) and github else ()
    title = found.summary or found.identifiers.get("summary")
    # Several CVEs of one vulnerability are a group; a GitHub id beside exactly one CVE is another name of it.
    named = [(cve, others if len(cves) == 1 else ()) for cve in cves] or [(one, ()) for one in others]
    for identity, aliases in named or [(f"retirejs/{key.name}/{place}", ())]:
        yield Record(
            feed=Retirejs.id,
            record=f"{key.name}/{identity}",
            id=identity,
            aliases=aliases,
            severity=found.severity.lower(),
            cwes=tuple(sorted({one for one in found.cwe if one.startswith("CWE-")})),
            title=short(title if isinstance(title, str) else ""),
            statements=tuple(Statement(key=key, interval=interval) for interval in intervals),
        )
