"""Why a defect was found in a package, or why not: every row that was looked at, and the nearest ones that were not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.vulnerability import Status, Vulnerability
from tidewaiter.core.vuln.advisory import PackageKey, Row
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS, compared_version, is_unversioned, keys_of
from tidewaiter.core.vuln.intervals import contains
from tidewaiter.core.vuln.judge import other_builds
from tidewaiter.core.vuln.judge_package import Judge
from tidewaiter.core.vuln.match import Judged, judge_packages, match_packages
from tidewaiter.core.vuln.origin import publisher_of
from tidewaiter.core.vuln.qualify import Why, applies
from tidewaiter.core.vuln.source import AdvisorySource


class RowTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row, as people read it."""

    feed: str
    record: str
    place: str
    """Ecosystem, release and name under which it stands: `Debian:12 openssl`."""
    interval: str
    status: Status
    """What holds inside the interval."""
    asks: str = ""
    """For which builds it holds: `arch x86_64, module nodejs:18`; empty for all."""
    version: str = ""
    """The installed version that was compared with it."""
    comparer: str = ""
    """Id of the order of versions."""
    is_inside: bool | None = None
    """Whether the version lies in the interval; None when it was not compared."""
    why: str = ""
    """Why it was not heard: another release, module, architecture; empty when it was."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything about one package and one defect."""

    package: Package
    ids: tuple[str, ...]
    status: Status | None = None
    """None when no row spoke of the package."""
    fixed: str = ""
    fix_needs: str = ""
    severity: str = ""
    counted: bool = False
    suppressed: str = ""
    match: str = ""
    owner: str = ""
    """The OS package that owns a language package, with what its distribution says."""
    verdict: str = ""
    """The answer in one sentence without final stop."""
    rows: tuple[RowTold, ...] = ()
    """Rows that were heard, the deciding ones first."""
    misses: tuple[RowTold, ...] = ()
    """Rows about packages of this name that were not heard, the nearest first."""


def explain(
    cve: str,
    packages: Sequence[Package],
    *,
    os: OperatingSystem | None,
    advisories: AdvisorySource,
    now: datetime,
    closed: Callable[[Sequence[Vulnerability]], Sequence[Vulnerability]] = tuple,
) -> tuple[Explanation, ...]:
    """Return one explanation per package that any row about the defect could mean, by purl; empty when there is none.

    `cve` is any id of the defect; the other ids are found through the records that share it. `closed` lets statements
    of others (VEX) suppress what was matched. Errors of the source pass through.
    """
    ids = {cve, *(name for opinion in advisories.opinions([cve]) if cve in opinion.ids for name in opinion.ids)}
    about = advisories.rows_about(sorted(ids))
    names = {(key.ecosystem, key.name) for key in about}
    meant = [p for p in packages if any((key.ecosystem, key.name) in names for key in keys_of(p, os))]
    if not meant:
        return ()
    owners = {package.owner for package in meant if package.owner}
    near = [*meant, *(package for package in packages if package.name in owners and package not in meant)]
    judged = {one.package: one for one in judge_packages(near, os=os, advisories=advisories)}
    found = closed(match_packages(near, os=os, advisories=advisories, now=now).vulnerabilities)
    told = {one.package: one for one in found if ids & {one.id, *one.aliases}}
    judge = Judge(rows={}, os=os, advisories=advisories)
    explainer = _Explainer(frozenset(ids), about, os, judge)
    return tuple(
        explainer.explain(judged[package], told.get(package))
        for package in sorted(dict.fromkeys(meant), key=lambda item: item.purl)
    )


class _Explainer:
    def __init__(
        self, ids: frozenset[str], about: Mapping[PackageKey, tuple[Row, ...]], os: OperatingSystem | None, judge: Judge
    ) -> None:
        self._ids = ids
        self._about = about
        self._os = os
        self._judge = judge

    def explain(self, judged: Judged, told: Vulnerability | None) -> Explanation:
        package = judged.package
        verdict = next((one for one in judged.verdicts if self._ids & {*one.ids}), None)
        decided = [(j.row.feed, j.row.record) for j in verdict.judgements] if verdict is not None else []
        rows = [_believed(row, decided) for row in self._rows(package)]
        heard = [row for row in rows if not row.why]
        heard.sort(key=lambda row: (row.is_inside is not True, decided.index((row.feed, row.record)), row.interval))
        misses = [row for row in rows if row.why]
        ids = verdict.ids if verdict is not None else tuple(sorted(self._ids))
        return Explanation(
            package=package,
            ids=ids,
            status=verdict.status if verdict is not None else None,
            fixed=(verdict.fixed or "") if verdict is not None else "",
            fix_needs=verdict.needs if verdict is not None else "",
            severity=told.severity.value if told is not None else "",
            counted=told is not None and not told.suppressed,
            suppressed=told.suppressed if told is not None else "",
            match=told.match if told is not None else "",
            owner=package.owner,
            verdict=self._sentence(judged, told, verdict.status if verdict is not None else None, misses),
            rows=tuple(heard),
            misses=tuple(sorted(misses, key=lambda row: (_distance(row.why), row.place, row.interval))),
        )

    def _rows(self, package: Package) -> Iterator[RowTold]:
        """Yield the rows about all names of a package, in this release and in others."""
        keys = keys_of(package, self._os)
        names = {(key.ecosystem, key.name) for key in keys}
        for key, rows in sorted(self._about.items()):
            if (key.ecosystem, key.name) not in names:
                continue
            others = self._other_builds(package, key, rows) if key in keys else frozenset()
            for row in rows:
                told = self._told(package, key, row, is_here=key in keys)
                is_other = not told.why and (row.record, row.interval.fixed) in others
                yield msgspec.structs.replace(told, why=_OTHER_BUILD) if is_other else told

    def _other_builds(
        self, package: Package, key: PackageKey, rows: Sequence[Row]
    ) -> frozenset[tuple[str, str | None]]:
        """Return the fixes by record that are other builds of the installed update of a module."""
        if "module" not in package.version or key.ecosystem not in ECOSYSTEMS:
            return frozenset()
        fixes: dict[str, list[str]] = {}
        for row in rows:
            if row.interval.fixed is not None:
                fixes.setdefault(row.record, []).append(row.interval.fixed)
        keys, version = self._judge.keys(key), compared_version(package, key, self._os)
        return frozenset((record, fix) for record, some in fixes.items() for fix in other_builds(some, version, keys))

    def _told(self, package: Package, key: PackageKey, row: Row, *, is_here: bool) -> RowTold:
        keys = self._judge.keys(key) if key.ecosystem in ECOSYSTEMS else None
        version = compared_version(package, key, self._os)
        why = ""
        if not is_here:
            why = f"the row is for {key.place}"
        elif keys is not None:
            target = self._judge.target(package, key.ecosystem)
            reason = applies(row, target, is_source=key.name.endswith(".src"))
            why = f"the row is for {reason.value}" if reason is not Why.APPLIES else ""
        ends = (row.interval.lo, row.interval.hi or "")
        comparable = keys is not None and all(keys.is_valid(text) for text in (version, *ends) if text)
        return RowTold(
            feed=row.feed,
            record=row.record,
            place=f"{key.place} {key.name}",
            interval=str(row.interval),
            status=row.status,
            asks=asks(row),
            version=version,
            comparer=keys.scheme.id if keys is not None else "",
            is_inside=contains(row.interval, version, keys) if comparable and keys is not None else None,
            why=why,
        )

    def _sentence(
        self, judged: Judged, told: Vulnerability | None, status: Status | None, misses: Iterable[RowTold]
    ) -> str:
        package = judged.package
        if judged.origin == "third-party":
            ecosystem = judged.key.ecosystem if judged.key is not None else ""
            return f"not matched: published by {publisher_of(package, ecosystem)}, not by the distribution"
        if is_unversioned(package):
            return "not matched: the program was built without a version of its own"
        if status is None:
            nearest = next(iter(sorted(misses, key=lambda row: _distance(row.why))), None)
            return "no row speaks of this build" + (f"; nearest: {nearest.why}" if nearest is not None else "")
        if told is not None and told.suppressed:
            return f"{status.value.replace('_', ' ')}, not counted: {told.suppressed}"
        return _OUTCOMES[status]


_OUTCOMES: Mapping[Status, str] = {
    Status.AFFECTED: "vulnerable",
    Status.WILL_NOT_FIX: "vulnerable, the vendor will not fix it",
    Status.FIX_DEFERRED: "vulnerable, the vendor put the fix off",
    Status.END_OF_LIFE: "vulnerable, the release is out of support",
    Status.FIXED: "fixed in the installed version",
    Status.NOT_AFFECTED: "not affected: the vendor says so, or the version lies outside every interval",
    Status.UNDER_INVESTIGATION: "the vendor has not decided yet",
    Status.UNKNOWN: "unknown: the feed leaves it open, or the versions cannot be compared",
}


def _believed(row: RowTold, decided: Sequence[tuple[str, str]]) -> RowTold:
    """Return a row with the reason why it was passed over, when another record was believed instead."""
    if row.why or (row.feed, row.record) in decided:
        return row
    return msgspec.structs.replace(row, why=_OVERRULED)


_OTHER_BUILD = "the row is for another build of the installed update"
_OVERRULED = "another record is believed before it"


def asks(row: Row) -> str:
    """Return for which builds a row holds, in words; empty for all."""
    asked = row.qualifiers
    parts = [f"arch {' '.join(asked.arches)}"] if asked.arches else []
    for word, text in (("module", asked.module), ("flavour", asked.flavour), ("channel", asked.needs)):
        if text:
            parts.append(f"{word} {text}")
    if asked.repositories:
        parts.append(f"repository {' '.join(asked.repositories)}")
    return ", ".join(parts)


def _distance(why: str) -> int:
    """Return how far a row is from being heard: overruled, what the system lacks, other builds, other releases."""
    if why == _OVERRULED:
        return -1
    order = (Why.UNCLEAR, Why.REPOSITORY, Why.MODULE, Why.FLAVOUR, Why.ARCH)
    return next((place for place, reason in enumerate(order) if why.endswith(reason.value)), len(order))
