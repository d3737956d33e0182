"""From an OSV record to our records (ossf/osv-schema: docs/schema.md); pure, so that every source of OSV shares it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Interval, Kind, PackageKey, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.debian import severity_of, status_of
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS, Ecosystem, normalised, split_ecosystem
from tidewaiter.core.vuln.intervals import Event, bounded, from_events, listed
from tidewaiter.core.vuln.osv_dialects import Entry, places
from tidewaiter.core.vuln.versions import Keys

_OF_ONE_CVE = re.compile(r"[A-Z]+-(CVE-[0-9]{4}-[0-9]{4,19})")
_GROUPS = re.compile(
    r"(?:DSA|DLA|DTSA|USN|LSN|RHSA|RHBA|RHEA|ALSA|ALBA|ALEA|RLSA|RXSA|ELSA|ALAS2?|SUSE|openSUSE|MGASA)-"
)
_LIVEPATCHES = "LSN-"
_COPIES = "UBUNTU-"
_SPELLED = {"kubernetes": "Kubernetes"}
_TITLE = 160
_LONGEST_ID = 200
_FIRST_YEAR = 1970
"""The Go vulnerability database writes year 1 where it knows no time."""


class OsvPackage(msgspec.Struct, frozen=True):
    """The package of one `affected` entry."""

    ecosystem: str = ""
    name: str = ""
    purl: str | None = None


class OsvRange(msgspec.Struct, frozen=True):
    """One range; only `ECOSYSTEM` and `SEMVER` can be compared with installed versions."""

    type: str = ""
    events: list[dict[str, Any]] | None = None


class OsvSeverity(msgspec.Struct, frozen=True):
    """A vector, or a distribution's word."""

    type: str = ""
    score: str = ""


class OsvAffected(msgspec.Struct, frozen=True):
    """One `affected` entry."""

    package: OsvPackage | None = None
    ranges: list[OsvRange] | None = None
    versions: list[str] | None = None
    severity: list[OsvSeverity] | None = None
    ecosystem_specific: Any = None
    database_specific: Any = None


class OsvRecord(msgspec.Struct, frozen=True):
    """The fields of a record that matching reads; all others are passed over."""

    id: str
    modified: str = ""
    published: str | None = None
    withdrawn: str | None = None
    aliases: list[str] | None = None
    upstream: list[str] | None = None
    related: list[str] | None = None
    summary: str | None = None
    severity: list[OsvSeverity] | None = None
    affected: list[OsvAffected] | None = None
    database_specific: Any = None

    @property
    def time(self) -> str:
        """Return `modified` in seconds and UTC, so that texts compare like times; empty when it is no time."""
        return _utc(self.modified)


class OsvResult(msgspec.Struct, frozen=True):
    """What one OSV record gives."""

    records: tuple[Record, ...] = ()
    problems: tuple[str, ...] = ()
    """Parts that are broken, one sentence each without final stop."""
    skipped: tuple[str, ...] = ()
    """Parts that are fine but cannot be matched, by reason."""


class OsvReader:
    """Turns records of one feed into ours; keeps version keys between records, so make one per import."""

    def __init__(self, *, feed: str) -> None:
        """Name the feed that the records belong to."""
        self._feed = feed
        self._keys = {name: Keys(ecosystem.scheme) for name, ecosystem in ECOSYSTEMS.items()}

    def read(self, osv: OsvRecord) -> OsvResult:
        """Return one record per id that is reported: several for a distribution's notice about several CVEs."""
        if not osv.id.strip() or len(osv.id) > _LONGEST_ID:
            return OsvResult(problems=("no usable `id`",))
        if osv.id.startswith(_LIVEPATCHES):
            return OsvResult(skipped=("patch of a running kernel",))
        if osv.withdrawn:
            gone = Record(feed=self._feed, record=osv.id, id=osv.id, kind="withdrawn", modified=osv.time)
            return OsvResult(records=(gone,), skipped=("withdrawn",))
        problems: list[str] = []
        skipped: list[str] = []
        told: list[tuple[frozenset[str], Statement]] = []
        for entry in osv.affected or ():
            only = _only_for(entry)
            told.extend((only, statement) for statement in self._entry(entry, osv, problems, skipped))
        if not told:
            return OsvResult(problems=tuple(problems), skipped=tuple(skipped or ["names no package"]))
        records = tuple(
            _record(self._feed, osv, name, aliases, [one for only, one in told if not only or name in only])
            for name, aliases in _names(osv)
        )
        return OsvResult(records=records, problems=tuple(problems), skipped=tuple(skipped))

    def _entry(
        self, entry: OsvAffected, osv: OsvRecord, problems: list[str], skipped: list[str]
    ) -> Iterator[Statement]:
        package = entry.package
        if package is None or not package.name or not package.ecosystem:
            skipped.append("names no package")
            return
        name, release = split_ecosystem(_SPELLED.get(package.ecosystem, package.ecosystem))
        ecosystem = ECOSYSTEMS.get(name)
        if ecosystem is None:
            skipped.append(f"ecosystem {name} cannot be matched yet")
            return
        if ecosystem.has_releases and not release:
            skipped.append(f"{name} without release")
            return
        intervals = self._intervals(entry, ecosystem, problems)
        if not intervals:
            skipped.append("no versions that can be compared")
            return
        severity = severity_of(_text(entry.ecosystem_specific, "urgency")) or _vendor_word(
            chain_of(entry.severity, osv.severity)
        )
        told = Entry(
            ecosystem=package.ecosystem,
            name=normalised(name, package.name),
            purl=package.purl or "",
            title=osv.summary or "",
            specific=entry.ecosystem_specific,
        )
        near = isinstance(entry.ecosystem_specific, dict) and bool(entry.ecosystem_specific.get("custom_ranges"))
        for place in (place for interval in intervals for place in places(told, interval)):
            yield Statement(
                key=PackageKey(ecosystem=name, release=release, name=place.name),
                interval=place.interval,
                status=_status(entry, place.interval),
                severity=place.severity or severity,
                qualifiers=msgspec.structs.replace(place.qualifiers, review=True) if near else place.qualifiers,
            )

    def _intervals(self, entry: OsvAffected, ecosystem: Ecosystem, problems: list[str]) -> tuple[Interval, ...]:
        keys = self._keys[ecosystem.name]
        open_ended: list[Interval] = []
        for part in entry.ranges or ():
            if part.type.upper() not in {"ECOSYSTEM", "SEMVER"}:
                continue
            events = [_event(event) for event in part.events or ()]
            if not any(event.introduced is not None for event in events):
                problems.append("a range without `introduced`")
                continue
            open_ended.extend(from_events(events, keys))
        unique = tuple(dict.fromkeys(open_ended))
        # A list made from an open range does not overrule the bound of that range, so it is compared with the open one.
        singles = listed((text for text in entry.versions or () if text), unique, keys)
        known = _text(entry.database_specific, "last_known_affected_version_range")
        return (*bounded(unique, known, keys), *singles)


def _status(entry: OsvAffected, interval: Interval) -> Status:
    """Return what an interval means; without end it may be a stand-in for a range that cannot be written.

    Go's database does so for modules whose tags are not their versions, and keeps the real range in `custom_ranges`:
    whether an installed version is affected is then for a person to find out.
    """
    if interval.hi is not None:
        return Status.AFFECTED
    if isinstance(entry.ecosystem_specific, dict) and entry.ecosystem_specific.get("custom_ranges"):
        return Status.UNDER_INVESTIGATION
    return status_of(_text(entry.ecosystem_specific, "urgency"), None)


def chain_of(*lists: list[OsvSeverity] | None) -> tuple[OsvSeverity, ...]:
    """Return the severities of several levels in one tuple."""
    return tuple(item for part in lists for item in part or ())


def _only_for(entry: OsvAffected) -> frozenset[str]:
    """Return the CVEs of a notice that one entry is about, as Ubuntu's `cves_map` says; empty for all of them."""
    listed = entry.database_specific.get("cves_map") if isinstance(entry.database_specific, dict) else None
    cves = listed.get("cves") if isinstance(listed, dict) else None
    names = (_text(one, "id") for one in (cves if isinstance(cves, list) else ()))
    return frozenset(name for name in names if CVE.fullmatch(name))


def _names(osv: OsvRecord) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (id, aliases) of each record to make.

    A distribution's notice groups CVEs: it becomes one record per CVE, and its own id is no alias of any. A
    distribution's copy of a CVE is reported as that CVE.
    """
    upstream = tuple(_clean(osv.upstream))
    aliases = tuple(_clean(osv.aliases))
    if _GROUPS.match(osv.id):
        named = (name.removeprefix(_COPIES) for name in (*aliases, *upstream, *_clean(osv.related)))
        cves = dict.fromkeys(name for name in named if CVE.fullmatch(name))
        yield from ((name, ()) for name in cves or (osv.id,))
        return
    copy = _OF_ONE_CVE.fullmatch(osv.id)
    if copy is not None:
        yield copy[1], (osv.id, *aliases)
        return
    sole = [name for name in upstream if CVE.fullmatch(name)]
    yield osv.id, (*aliases, *(sole if not aliases and len(sole) == 1 else ()))


def _record(feed: str, osv: OsvRecord, name: str, aliases: tuple[str, ...], statements: Sequence[Statement]) -> Record:
    levels = chain_of(osv.severity, *(entry.severity for entry in osv.affected or ()))
    vectors = dict.fromkeys(item.score.strip() for item in levels if item.type.startswith("CVSS_"))
    return Record(
        feed=feed,
        record=osv.id,
        id=name,
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != name)),
        kind=_kind(osv),
        severity=_text(osv.database_specific, "severity").lower(),
        vectors=tuple(vectors),
        cwes=_weaknesses(osv),
        title=_short(osv.summary or ""),
        published=_utc(osv.published or ""),
        modified=osv.time,
        statements=tuple(statements),
    )


def _weaknesses(osv: OsvRecord) -> tuple[str, ...]:
    """Return what GitHub and others put into `cwe_ids`, sorted."""
    listed = osv.database_specific.get("cwe_ids") if isinstance(osv.database_specific, dict) else None
    names = listed if isinstance(listed, list) else ()
    return tuple(sorted({name.strip() for name in names if isinstance(name, str) and name.startswith("CWE-")}))


def _kind(osv: OsvRecord) -> Kind:
    if osv.id.startswith("MAL-"):
        return "malicious"
    entries = osv.affected or ()
    informational = [_text(entry.database_specific, "informational") for entry in entries]
    return "informational" if informational and all(informational) else "vulnerability"


def _event(event: dict[str, Any]) -> Event:
    words = {name: value.strip() for name, value in event.items() if isinstance(value, str) and value.strip()}
    return Event(
        introduced=words.get("introduced"),
        fixed=words.get("fixed"),
        last_affected=words.get("last_affected"),
        limit=words.get("limit"),
    )


def _vendor_word(severities: Iterable[OsvSeverity]) -> str:
    return next((item.score.strip().lower() for item in severities if item.type in {"Ubuntu", "Debian"}), "")


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found.strip() if isinstance(found, str) else ""


def _clean(names: list[str] | None) -> Iterator[str]:
    return (name.strip() for name in names or () if name.strip() and len(name) <= _LONGEST_ID)


def _utc(text: str) -> str:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return ""
    if time.year < _FIRST_YEAR:
        return ""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _short(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= _TITLE else first[: _TITLE - 1].rstrip() + "…"
