"""Matches packages against advisory data: the one entry of this ring."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Coverage, Vulnerability
from tidewaiter.core.vuln import coverage as coverage_of
from tidewaiter.core.vuln.advisory import PackageKey, Row
from tidewaiter.core.vuln.aliases import rank
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS, LANGUAGES, distribution, is_unversioned, keys_of
from tidewaiter.core.vuln.judge import Verdict
from tidewaiter.core.vuln.judge_package import Judge, enabled_on
from tidewaiter.core.vuln.origin import Origin, origin_of
from tidewaiter.core.vuln.ownership import Vendor, covered, index
from tidewaiter.core.vuln.source import AdvisorySource
from tidewaiter.core.vuln.tell import Teller, is_told
from tidewaiter.core.vuln.unmatched import (
    extended_alone,
    refused_versions,
    unmatched_publishers,
    unversioned,
    without_group,
)


class Matches(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the packages of one image or tree."""

    vulnerabilities: tuple[Vulnerability, ...] = ()
    """Vulnerable ones and those that the vendor leaves undecided (suppressed); sorted by package and id."""
    coverage: Coverage = Coverage()
    unknowns: tuple[Unknown, ...] = ()


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One package with everything that advisory data says about it, fixed and not affected included."""

    package: Package
    key: PackageKey | None
    origin: Origin = "distribution"
    verdicts: tuple[Verdict, ...] = ()


def match_packages(
    packages: Sequence[Package], *, os: OperatingSystem | None, advisories: AdvisorySource, now: datetime
) -> Matches:
    """Return the vulnerabilities of the packages, what the data covered, and what could not be told.

    `os` is the system of the image, None for lock files. The order of packages and of rows changes nothing. Errors of
    the source pass through.
    """
    judged = judge_packages(packages, os=os, advisories=advisories)
    places = _places(judged, os)
    covering = coverage_of.describe(
        places, built=advisories.built, feeds=advisories.feeds(), extents=advisories.extents(), now=now
    )
    unknowns = [
        *coverage_of.unknowns(covering, places),
        *unmatched_publishers((one.package, one.origin, one.key.ecosystem if one.key else "") for one in judged),
        *unversioned(one.package for one in judged),
        *without_group(one.package for one in judged),
        *extended_alone(os, enabled_on(os, advisories)),
        *refused_versions((one.package, one.verdicts) for one in judged),
    ]
    return Matches(vulnerabilities=vulnerabilities_of(judged, advisories), coverage=covering, unknowns=tuple(unknowns))


def judge_packages(
    packages: Sequence[Package], *, os: OperatingSystem | None, advisories: AdvisorySource
) -> tuple[Judged, ...]:
    """Return every verdict about every package, each package once, sorted by purl and place."""
    once = sorted(set(packages), key=_order)
    keys_by_package = [(package, keys_of(package, os)) for package in once]
    wanted = {key for _, keys in keys_by_package for key in keys if key.ecosystem in ECOSYSTEMS}
    rows = advisories.rows(wanted)
    known = _known_sources(wanted, rows, advisories)
    judge = Judge(rows=rows, os=os, advisories=advisories)
    result: list[Judged] = []
    for package, keys in keys_by_package:
        key = keys[0] if keys else None
        origin: Origin = "distribution"
        if package.type not in LANGUAGES:
            ecosystem = key.ecosystem if key is not None else ""
            origin = origin_of(package, known=key is None or key.name in known, ecosystem=ecosystem)
        is_judged = origin != "third-party" and not is_unversioned(package)
        verdicts = judge.verdicts(package, keys) if is_judged else ()
        result.append(Judged(package=package, key=key, origin=origin, verdicts=verdicts))
    return tuple(result)


def _order(package: Package) -> tuple[str, ...]:
    return package.purl, str(package.location), package.owner, package.maintainer, package.found, package.scope


def _known_sources(
    wanted: set[PackageKey], rows: Mapping[PackageKey, tuple[Row, ...]], advisories: AdvisorySource
) -> frozenset[str]:
    """Return the source packages that a distribution's data mentions, in this release or in any other."""
    here = frozenset(key.name for key in rows if ECOSYSTEMS[key.ecosystem].is_distribution)
    by_ecosystem: dict[str, set[str]] = {}
    for key in wanted:
        if ECOSYSTEMS[key.ecosystem].is_distribution and key.name not in here:
            by_ecosystem.setdefault(key.ecosystem, set()).add(key.name)
    return here.union(*(advisories.knows_source(name, names) for name, names in by_ecosystem.items()))


def _places(judged: Sequence[Judged], os: OperatingSystem | None) -> Mapping[tuple[str, str], int]:
    """Count the packages per ecosystem and release; the system itself counts even without a package."""
    places: dict[tuple[str, str], int] = {}
    if os is not None:
        places[distribution(os)] = 0
    for one in judged:
        if one.origin == "third-party":
            continue
        place = (one.key.ecosystem, one.key.release) if one.key is not None else (f"{one.package.type} packages", "")
        places[place] = places.get(place, 0) + 1
    return places


def vulnerabilities_of(judged: Sequence[Judged], advisories: AdvisorySource) -> tuple[Vulnerability, ...]:
    """Return what is told of the packages of one image, by package in the order given and by id.

    Language packages first hand their ids to the OS packages that own them. Errors of the source pass through.
    """
    told = [(place, one, verdict) for place, one in enumerate(judged) for verdict in one.verdicts if is_told(verdict)]
    teller = Teller([verdict for _, _, verdict in told], advisories)
    owners = {one.package.owner for _, one, _ in told if one.package.owner}
    vendors = {
        one.package.name: index(one.package, one.verdicts)
        for one in judged
        if one.package.name in owners and _is_vendor(one)
    }
    taken_over: dict[tuple[str, str], set[str]] = {}
    found: list[tuple[int, Vulnerability]] = []
    for place, one, verdict in told:
        if one.package.type in LANGUAGES:
            vendor: Vendor | None = vendors.get(one.package.owner)
            cover = covered(verdict, vendor, one.package.owner)
            if cover.reported:
                taken_over.setdefault((one.package.owner, cover.reported), set()).update(verdict.ids)
            found.append((place, teller.tell(one.package, verdict, suppressed=cover.suppressed, note=cover.note)))
    for place, one, verdict in told:
        if one.package.type not in LANGUAGES:
            more = taken_over.get((one.package.name, verdict.ids[0]), ())
            found.append((place, teller.tell(one.package, verdict, more=more)))
    return tuple(_once(sorted(found, key=lambda pair: (pair[0], rank(pair[1].id), bool(pair[1].suppressed)))))


def _once(found: Iterable[tuple[int, Vulnerability]]) -> Iterator[Vulnerability]:
    """Yield each defect of a package once.

    A list may name one defect twice, as CVE and as GHSA id (Wolfi does); only records of other packages tell that it
    is the same. What counts is kept, with all names.
    """
    last: tuple[int, Vulnerability] | None = None
    for place, one in found:
        if last is not None and (last[0], last[1].id) == (place, one.id):
            names = dict.fromkeys((*last[1].aliases, *one.aliases))
            last = (place, msgspec.structs.replace(last[1], aliases=tuple(names)))
            continue
        if last is not None:
            yield last[1]
        last = (place, one)
    if last is not None:
        yield last[1]


def _is_vendor(one: Judged) -> bool:
    return one.package.type not in LANGUAGES and one.origin == "distribution"
