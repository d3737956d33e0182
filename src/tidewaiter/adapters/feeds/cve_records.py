"""Records of the CVE programme, versions 5.0 to 5.2 (CVEProject/cve-schema): scores, weaknesses, rejections.

The enrichment of CISA keeps the same records with a container of its own (cisagov/vulnrichment), so it is read here too.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import short
from tidewaiter.scan.advisories.osv_text import osv_parts
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, keys_at

_FORMATS = ("cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


class _Problem(msgspec.Struct):
    cwe: str = msgspec.field(name="cweId", default="")


class _ProblemType(msgspec.Struct):
    descriptions: list[_Problem] = []


class _Container(msgspec.Struct):
    title: str = ""
    metrics: list[dict[str, Any]] = []
    problems: list[_ProblemType] = msgspec.field(name="problemTypes", default=[])


class _Containers(msgspec.Struct):
    cna: _Container = msgspec.field(default_factory=_Container)
    adp: list[_Container] = []


class _Metadata(msgspec.Struct):
    id: str = msgspec.field(name="cveId")
    state: str = ""
    published: str = msgspec.field(name="datePublished", default="")
    updated: str = msgspec.field(name="dateUpdated", default="")


class _Cve(msgspec.Struct):
    metadata: _Metadata = msgspec.field(name="cveMetadata")
    containers: _Containers = msgspec.field(default_factory=_Containers)


class CveRecords:
    """What is said of a CVE by itself; its products are named by vendors and not by package, so none is matched."""

    id = "cve-records"
    tags = frozenset({"severity"})
    is_snapshot = False
    feed = Feed(
        id="cve-records",
        name="CVE records with the enrichment of CISA",
        url="https://github.com/CVEProject/cvelistV5",
        licence="CVE terms of use; CC0-1.0 for the enrichment",
        precedence=3,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise a record by its metadata and containers."""
        starts = (head.lstrip(), head.lstrip().lstrip(b"[").lstrip())
        return any({"cveMetadata", "containers"} & {*keys_at(one, 1)} and b'"cveId"' in head for one in starts)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE that says something; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(_Cve)
        try:
            for place, data in osv_parts(stream):
                try:
                    cve = decoder.decode(data)
                except UNREADABLE as error:
                    notes.problem(place, str(error))
                    continue
                yield from _told(cve, place, notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _told(cve: _Cve, place: str, notes: Notes) -> Iterator[Record]:
    identity, updated = cve.metadata.id, _utc(cve.metadata.updated)
    if CVE.fullmatch(identity) is None:
        notes.problem(place, f"`{identity[:40]}` is not a CVE id")
        return
    notes.newest(updated)
    if cve.metadata.state == "REJECTED":
        notes.skip("rejected")
        yield Record(feed=CveRecords.id, record=identity, id=identity, kind="withdrawn", modified=updated)
        return
    containers = (cve.containers.cna, *cve.containers.adp)
    cwes = {words.cwe for one in containers for problem in one.problems for words in problem.descriptions if words.cwe}
    record = Record(
        feed=CveRecords.id,
        record=identity,
        id=identity,
        vectors=tuple(dict.fromkeys(vector for one in containers for vector in _vectors(one))),
        cwes=tuple(sorted(one for one in cwes if one.startswith("CWE-"))),
        title=short(cve.containers.cna.title),
        published=_utc(cve.metadata.published),
        modified=updated,
    )
    if record.vectors or record.cwes:
        yield record
    else:
        notes.skip("neither score nor weakness yet")


def _vectors(container: _Container) -> Iterator[str]:
    for metric in container.metrics:
        for name in _FORMATS:
            score = metric.get(name)
            vector = score.get("vectorString") if isinstance(score, dict) else None
            if isinstance(vector, str) and vector:
                yield vector


def _utc(text: str) -> str:
    return f"{text[:19]}Z" if _TIME.match(text) else ""
