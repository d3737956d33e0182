"""Red Hat's word on every CVE, one CSAF VEX document each (security.access.redhat.com: data/csaf/v2/vex).

Both the documents in force and the successor in beta are read: the latter names sources instead of binaries. Advisories
(RHSA) have the same form and know fixes only; they are heard where no VEX document speaks of a CVE and a package.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Qualifiers, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.cpe import Cpe, covers, parse
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.csaf_products import Component, Tree, components
from tidewaiter.scan.json_stream import UNREADABLE

_LARGEST = 256 << 20
_HEAD = 16 << 10
_TITLE = 160
_VEX = "csaf_vex"
_ROW = re.compile(rb'"?[0-9]{4}/cve-[0-9]{4}-[0-9]+\.json"?,')
_WORDS = {
    "will not fix": Status.WILL_NOT_FIX,
    "out of support scope": Status.END_OF_LIFE,
    "fix deferred": Status.FIX_DEFERRED,
}


class _Group(msgspec.Struct):
    category: str = ""
    details: str = ""
    product_ids: list[str] | None = None


class _Vector(msgspec.Struct):
    text: str = msgspec.field(name="vectorString", default="")


class _Score(msgspec.Struct):
    cvss_v2: _Vector | None = None
    cvss_v3: _Vector | None = None
    cvss_v4: _Vector | None = None


class _Cwe(msgspec.Struct):
    id: str = ""


class _Vulnerability(msgspec.Struct):
    cve: str = ""
    title: str = ""
    cwe: _Cwe | None = None
    product_status: dict[str, list[str]] = {}
    remediations: list[_Group] | None = None
    threats: list[_Group] | None = None
    scores: list[_Score] | None = None


class _Tracking(msgspec.Struct):
    id: str = ""
    current: str = msgspec.field(name="current_release_date", default="")
    initial: str = msgspec.field(name="initial_release_date", default="")


class _Severity(msgspec.Struct):
    text: str = ""


class _About(msgspec.Struct):
    category: str
    tracking: _Tracking
    title: str = ""
    severity: _Severity = msgspec.field(name="aggregate_severity", default_factory=_Severity)


class _Document(msgspec.Struct):
    document: _About
    product_tree: Tree = msgspec.field(default_factory=Tree)
    vulnerabilities: list[_Vulnerability] = []


class RedhatCsafVex:
    """The vendor's own word for RHEL and everything that is built upon it."""

    id = "redhat-csaf-vex"
    tags = frozenset({"advisories", "Red Hat"})
    is_snapshot = False
    feed = Feed(
        id="redhat-csaf-vex",
        name="Red Hat CSAF VEX",
        url="https://security.access.redhat.com/data/csaf/v2/vex/",
        licence="CC-BY-4.0",
        precedence=0,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise a VEX document or advisory of Red Hat, or a list of such documents."""
        start = head[:_HEAD]
        if _ROW.match(start.lstrip()) is not None:
            return True
        return (b'"csaf_vex"' in start or b'"csaf_security_advisory"' in start) and b"www.redhat.com" in start

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE, or one that takes back per deleted document; DocumentError when it is damaged."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"it is larger than {_LARGEST} bytes")
        if _ROW.match(data.lstrip()[:200]) is not None:
            yield from self._listed(data, notes)
            return
        try:
            document = msgspec.json.decode(data, type=_Document)
        except UNREADABLE as error:
            raise DocumentError(str(error)) from error
        time = _time(document.document.tracking.current)
        notes.newest(time)
        known = components(document.product_tree)
        for vulnerability in document.vulnerabilities:
            if CVE.fullmatch(vulnerability.cve) is None:
                notes.problem(vulnerability.cve[:40], "is no CVE")
                continue
            yield self._record(vulnerability, document.document, known, notes)

    def _record(
        self, about: _Vulnerability, document: _About, known: Mapping[str, Component | None], notes: Notes
    ) -> Record:
        title = (about.title or document.title).strip()
        vectors = (v.text for s in about.scores or () for v in (s.cvss_v4, s.cvss_v3, s.cvss_v2) if v is not None)
        return Record(
            feed=self.id,
            record=about.cve if document.category == _VEX else document.tracking.id or about.cve,
            id=about.cve,
            vectors=tuple(dict.fromkeys(text for text in vectors if text)),
            cwes=(about.cwe.id,) if about.cwe is not None and about.cwe.id else (),
            title=title if len(title) <= _TITLE else f"{title[: _TITLE - 1].rstrip()}…",
            published=_time(document.tracking.initial),
            modified=_time(document.tracking.current),
            statements=tuple(_Statements(about, known, notes, document.severity.text).all()),
        )

    def _listed(self, data: bytes, notes: Notes) -> Iterator[Record]:
        """Yield what takes back each deleted document; a list of changes says nothing that the documents do not."""
        if "deletions" not in notes.document.rpartition("/")[2]:
            notes.skip("list of changed documents")
            return
        for row in csv.reader(io.StringIO(data.decode("utf-8", "replace"))):
            name = row[0].rpartition("/")[2].removesuffix(".json").upper() if row else ""
            if len(row) < 2 or CVE.fullmatch(name) is None:
                notes.problem(name[:40], "is no path of a document with its time")
                continue
            yield Record(feed=self.id, record=name, id=name, kind="withdrawn", modified=_time(row[1]))


class _Said(msgspec.Struct, frozen=True):
    """What one document says about one build; the same for several repositories and architectures."""

    release: str
    name: str
    interval: Interval
    module: str
    status: Status
    severity: str


_Told = dict[_Said, dict[str, set[str]]]
"""The architectures by CPE, per what is said."""


class _Statements:
    """The product statuses of one CVE as statements, builds of one package together."""

    def __init__(
        self, about: _Vulnerability, known: Mapping[str, Component | None], notes: Notes, severity: str
    ) -> None:
        self._whole = severity
        self._known = known
        self._notes = notes
        self._status = about.product_status
        self._severity = _by_product(about.threats, frozenset({"impact"}))
        self._planned = _by_product(about.remediations, frozenset({"no_fix_planned", "none_available"}))

    def all(self) -> Iterator[Statement]:
        fixed = [*self._components("fixed"), *self._components("first_fixed")]
        affected = list(self._components("known_affected"))
        spoken = {(part.name, part.cpe, part.module) for _, part in (*fixed, *affected)}
        told: _Told = {}
        for identity, part in fixed:
            _keep(told, part, Interval(hi=part.version, fixed=part.version), Status.AFFECTED, self._word(identity))
        closed: dict[tuple[str, str], list[Cpe]] = {}
        for _, part in fixed:
            closed.setdefault((part.name, part.module), []).extend(_parsed(part.cpe))
        for identity, part in affected:
            if any(covers(one, fix) for one in _parsed(part.cpe) for fix in closed.get((part.name, part.module), ())):
                # The state of an earlier minor release of the same repositories: the fix came later.
                self._notes.skip("overtaken by a fix")
                continue
            words = self._planned.get(identity, "").strip().lower()
            status = next((status for word, status in _WORDS.items() if words.startswith(word)), Status.AFFECTED)
            interval = Interval(hi=part.version, inclusive=True) if part.version else Interval()
            _keep(told, part, interval, status, self._word(identity))
        for identity, part in self._components("known_not_affected"):
            # A build that is clean although others were not; where no other is spoken of, the package is clean.
            exact = bool(part.version) and (part.name, part.cpe, part.module) in spoken
            one = Interval(lo=part.version, hi=part.version, inclusive=True)
            _keep(told, part, one if exact else Interval(), Status.NOT_AFFECTED, self._word(identity))
        for identity, part in self._components("under_investigation"):
            _keep(told, part, Interval(), Status.UNDER_INVESTIGATION, self._word(identity))
        yield from _statements(told)

    def _components(self, status: str) -> Iterator[tuple[str, Component]]:
        for identity in self._status.get(status, ()):
            part = self._known.get(identity)
            if part is None:
                self._notes.skip("not an rpm that is installed")
            elif part.version or status not in {"fixed", "first_fixed"}:
                yield identity, part

    def _word(self, identity: str) -> str:
        return self._severity.get(identity, self._whole).strip().lower()


def _keep(told: _Told, part: Component, interval: Interval, status: Status, severity: str) -> None:
    for release in part.releases:
        said = _Said(release, part.name, interval, part.module, status, severity)
        arches = told.setdefault(said, {}).setdefault(part.cpe, set())
        if part.arch:
            arches.add(part.arch)


def _statements(told: _Told) -> Iterator[Statement]:
    """Yield one statement per package, build and list of architectures, with all repositories that carry it."""
    for said, by_cpe in told.items():
        groups: dict[tuple[str, ...], list[str]] = {}
        for cpe, arches in by_cpe.items():
            groups.setdefault(tuple(sorted(arches)), []).append(cpe)
        for arch_list, cpes in sorted(groups.items()):
            yield Statement(
                key=PackageKey(ecosystem="Red Hat", release=said.release, name=said.name),
                interval=said.interval,
                status=said.status,
                severity=said.severity,
                qualifiers=Qualifiers(arches=arch_list, module=said.module, repositories=tuple(sorted(cpes))),
            )


def _parsed(text: str) -> tuple[Cpe, ...]:
    cpe = parse(text)
    return (cpe,) if cpe is not None else ()


def _by_product(groups: Iterable[_Group] | None, categories: frozenset[str]) -> Mapping[str, str]:
    chosen = [group for group in groups or () if group.category in categories]
    return {name: group.details for group in chosen for name in group.product_ids or ()}


def _time(text: str) -> str:
    """Return a time as texts compare: in UTC and whole seconds; empty when it is none."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
