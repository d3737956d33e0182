"""Scores, weaknesses and rejections by CVE: pages of an interface and yearly files (nvd.nist.gov: CVE API 2.0)."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, keys_at, members

_HEAD = 64 << 10
_CHUNK = 1 << 20
_LARGEST = 16 << 20
_LIST = re.compile(rb'"vulnerabilities"\s*:\s*(?=\[)')
_TIME = re.compile(rb'"timestamp"\s*:\s*"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8})')


class _Metric(msgspec.Struct):
    data: dict[str, Any] = msgspec.field(name="cvssData", default={})


class _Words(msgspec.Struct):
    value: str = ""


class _Weakness(msgspec.Struct):
    description: list[_Words] = []


class _Metrics(msgspec.Struct):
    v4: list[_Metric] = msgspec.field(name="cvssMetricV40", default=[])
    v31: list[_Metric] = msgspec.field(name="cvssMetricV31", default=[])
    v30: list[_Metric] = msgspec.field(name="cvssMetricV30", default=[])
    v2: list[_Metric] = msgspec.field(name="cvssMetricV2", default=[])


class _Cve(msgspec.Struct):
    id: str
    published: str = ""
    modified: str = msgspec.field(name="lastModified", default="")
    status: str = msgspec.field(name="vulnStatus", default="")
    metrics: _Metrics = msgspec.field(default_factory=_Metrics)
    weaknesses: list[_Weakness] = []


class _Entry(msgspec.Struct):
    cve: _Cve


class Nvd:
    """What is said of a CVE by itself; products are guesses by name there, so none is matched."""

    id = "nvd"
    tags = frozenset({"severity"})
    is_snapshot = False
    feed = Feed(
        id="nvd",
        name="National Vulnerability Database",
        url="https://nvd.nist.gov/developers/vulnerabilities",
        licence="public domain",
        precedence=4,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise a page by its counts and its list."""
        keys = {*keys_at(head, 1)}
        return {"resultsPerPage", "vulnerabilities"} <= keys or ("vulnerabilities" in keys and b'"NVD_CVE"' in head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE that says something; DocumentError when the page is cut off."""
        head = stream.read(_HEAD)
        start = _LIST.search(head)
        if start is None:
            raise DocumentError("it has no list of vulnerabilities near its start")
        time = _TIME.search(head)
        notes.newest(f"{time[1].decode()}Z" if time is not None else "")
        decoder = msgspec.json.Decoder(_Entry)
        chunks = chain((head[start.end() :],), iter(lambda: stream.read(_CHUNK), b""))
        try:
            for place, (_, raw) in enumerate(members(chunks, limit=_LARGEST)):
                try:
                    cve = decoder.decode(raw).cve
                except UNREADABLE as error:
                    notes.problem(f"entry {place}", str(error))
                    continue
                yield from _told(cve, place, notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _told(cve: _Cve, place: int, notes: Notes) -> Iterator[Record]:
    if CVE.fullmatch(cve.id) is None:
        notes.problem(f"entry {place}", f"`{cve.id[:40]}` is not a CVE id")
        return
    if cve.status == "Rejected":
        notes.skip("rejected")
        yield Record(feed=Nvd.id, record=cve.id, id=cve.id, kind="withdrawn", modified=_utc(cve.modified))
        return
    metrics = (*cve.metrics.v4, *cve.metrics.v31, *cve.metrics.v30, *cve.metrics.v2)
    vectors = (one.data.get("vectorString") for one in metrics)
    cwes = {words.value for one in cve.weaknesses for words in one.description if words.value.startswith("CWE-")}
    record = Record(
        feed=Nvd.id,
        record=cve.id,
        id=cve.id,
        vectors=tuple(dict.fromkeys(vector for vector in vectors if isinstance(vector, str) and vector)),
        cwes=tuple(sorted(cwes)),
        published=_utc(cve.published),
        modified=_utc(cve.modified),
    )
    if record.vectors or record.cwes:
        yield record
    else:
        notes.skip("neither score nor weakness yet")


def _utc(text: str) -> str:
    """Return the time in seconds; the database writes UTC without saying so."""
    return f"{text[:19]}Z" if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", text) else ""
