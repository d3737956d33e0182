"""Matches stored packages again, each different one once however many images hold it (scanning guide 15).

What is found about a package depends on the package, on the system of its image, and on the packages that own it or
that it owns (`ownership`): such packages make a group. Groups of many images are judged together by the rules of
`match_packages`; a test holds the two equal.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln.ecosystems import LANGUAGES
from tidewaiter.core.vuln.match import judge_packages, vulnerabilities_of
from tidewaiter.core.vuln.source import AdvisorySource
from tidewaiter.core.vuln.unmatched import refused_versions


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One vulnerability as it is kept with a package: without the package, and without EPSS, which changes daily."""

    id: str
    aliases: tuple[str, ...] = ()
    status: str = "affected"
    fixed: str | None = None
    severity: str = "unknown"
    severity_source: str = ""
    kind: str = "vulnerability"
    title: str = ""
    cvss: float | None = None
    cvss_vector: str = ""
    cwes: tuple[str, ...] = ()
    fix_needs: str = ""
    kev: bool = False
    kev_due: str = ""
    kev_ransomware: bool = False
    published: str = ""
    feed: str = ""
    match: str = ""
    suppressed: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Return every id of the defect."""
        return frozenset((self.id, *self.aliases))


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Packages of one image that have a say in each other's findings; most stand alone."""

    packages: tuple[Package, ...]
    system: OperatingSystem | None = None
    """The system of the image; None for language packages that no OS package owns, which ask for none."""


Answer = Mapping[Package, tuple[Told, ...]]
"""What is told of each package of a group, in the order of `match_packages`; packages without findings are absent."""


def is_language(package: Package) -> bool:
    """Tell whether a package is matched the same in every system, unless an OS package owns it."""
    return package.type in LANGUAGES


def told_of(found: Vulnerability) -> Told:
    """Return what is kept of a vulnerability."""
    return Told(
        id=found.id,
        aliases=found.aliases,
        status=found.status.value,
        fixed=found.fixed,
        severity=found.severity.value,
        severity_source=found.severity_source,
        kind=found.kind,
        title=found.title,
        cvss=found.cvss,
        cvss_vector=found.cvss_vector,
        cwes=found.cwes,
        fix_needs=found.fix_needs,
        kev=found.kev,
        kev_due=found.kev_due,
        kev_ransomware=found.kev_ransomware,
        published=found.published,
        feed=found.feed,
        match=found.match,
        suppressed=found.suppressed,
    )


def by_package(found: Iterable[Vulnerability]) -> dict[Package, tuple[Told, ...]]:
    """Return what is told of each package, in the order in which it comes."""
    lists: dict[Package, list[Told]] = {}
    last: Package | None = None
    tolds: list[Told] = []
    for one in found:
        if one.package is not last:  # they come by package, and a look-up costs the hash of all its fields
            last = one.package
            tolds = lists.setdefault(last, [])
        tolds.append(told_of(one))
    return {package: tuple(several) for package, several in lists.items()}


def rematch(groups: Sequence[Group], advisories: AdvisorySource) -> tuple[list[Answer], tuple[Unknown, ...]]:
    """Return the findings of each group, and what could not be compared; errors of the source pass through."""
    answers: list[Answer] = [{}] * len(groups)
    unknowns: dict[Unknown, None] = {}
    for system, places in _rounds(groups):
        packages = [package for place in places for package in groups[place].packages]
        judged = judge_packages(packages, os=system, advisories=advisories)
        found = by_package(vulnerabilities_of(judged, advisories))
        for place in places:
            answers[place] = {one: found[one] for one in groups[place].packages if one in found}
        unknowns |= dict.fromkeys(refused_versions((one.package, one.verdicts) for one in judged))
    return answers, tuple(unknowns)


def _rounds(groups: Sequence[Group]) -> Iterable[tuple[OperatingSystem | None, list[int]]]:
    """Divide groups by system, and so that two groups of one round never hear each other.

    Ownership goes by name alone. Groups in which nobody is owned share the first round; of all others a round takes
    one for each name of an owner or of an OS package.
    """
    rounds: dict[tuple[OperatingSystem | None, int], list[int]] = {}
    taken: dict[tuple[OperatingSystem | None, str], int] = {}
    for place, group in enumerate(groups):
        number = 0
        if any(one.owner and is_language(one) for one in group.packages):
            names = {one.owner if is_language(one) else one.name for one in group.packages} - {""}
            number = 1 + max(taken.get((group.system, name), 0) for name in names)
            taken |= dict.fromkeys(((group.system, name) for name in names), number)
        rounds.setdefault((group.system, number), []).append(place)
    for (system, _), places in rounds.items():
        yield system, places
