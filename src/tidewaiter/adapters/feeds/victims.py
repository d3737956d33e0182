"""Java and Python: one YAML file per CVE, or lines of JSON made from them (victims/victims-cve-db)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.cvss import band
from tidewaiter.core.vuln.ecosystems import normalised
from tidewaiter.core.vuln.ranges import RangeError
from tidewaiter.core.vuln.ranges.victims import Victims as Language
from tidewaiter.core.vuln.ranges.victims import VictimsPython
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import curated, inside, short
from tidewaiter.scan.json_stream import JsonStreamError, keys_at

_YAML = re.compile(rb"(?m)^cve:\s*['\"]?[0-9]{4}-")
_JAVA, _PYTHON = Language(), VictimsPython()


class _Affected(msgspec.Struct):
    version: list[str] | None = None
    fixedin: list[str] | None = None
    group: str = msgspec.field(name="groupId", default="")
    artifact: str = msgspec.field(name="artifactId", default="")
    name: str = ""


class _Advisory(msgspec.Struct):
    cve: str
    affected: list[_Affected] | None = None
    title: str | None = None
    cvss_v2: float | str | None = None
    cvss_v3: float | str | None = None


class Victims:
    """Versions with the series in which they hold; closed in 2018, old jars are still around."""

    id = "victims"
    tags = frozenset({"advisories", "Maven", "PyPI"})
    is_snapshot = False
    feed = Feed(
        id="victims",
        name="Victims CVE database",
        url="https://github.com/victims/victims-cve-db",
        licence="CC-BY-SA-4.0",
        precedence=2,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise a CVE without prefix beside what it affects."""
        is_json = {"cve", "affected", "title"} <= {*keys_at(head, 1)} and bool(
            {"artifactId", "name", "fixedin"} & {*keys_at(head, 3)}
        )
        return is_json or (_YAML.search(head) is not None and re.search(rb"(?m)^affected:", head) is not None)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(_Advisory)
        try:
            for place, advisory in curated(stream, decoder, problem=notes.problem):
                identity = f"CVE-{advisory.cve}"
                if CVE.fullmatch(identity) is None:
                    notes.problem(place, f"`{advisory.cve[:40]}` is no number of a CVE")
                    continue
                statements = tuple(
                    statement for one in advisory.affected or () for statement in _told(one, place or identity, notes)
                )
                score = _score(advisory)
                yield Record(
                    feed=self.id,
                    record=identity,
                    id=identity,
                    severity=band(score).value if score else "",
                    title=short(advisory.title),
                    statements=statements,
                )
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _told(affected: _Affected, place: str, notes: Notes) -> Iterator[Statement]:
    """Yield the statements of one package; a series without comparison is what the database calls all of it."""
    if affected.group and affected.artifact:
        key = PackageKey(ecosystem="Maven", name=f"{affected.group}:{affected.artifact}")
        language = _JAVA
    elif affected.name:
        key = PackageKey(ecosystem="PyPI", name=normalised("PyPI", affected.name))
        language = _PYTHON
    else:
        notes.problem(place, "it names no package")
        return
    try:
        intervals = inside(language, affected.version or [], affected.fixedin)
    except RangeError as error:
        notes.problem(place, str(error))
        return
    yield from (Statement(key=key, interval=interval) for interval in intervals)


def _score(advisory: _Advisory) -> float:
    try:
        return float(advisory.cvss_v3 or advisory.cvss_v2 or 0)
    except ValueError:
        return 0.0
