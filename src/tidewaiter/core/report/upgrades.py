"""Vulnerabilities as what people act on: one upgrade of one source package, and how much of it comes with the base."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tidewaiter.core.report.facts import VulnerabilityFacts

SEVERITIES: Final = ("critical", "high", "medium", "unknown", "low", "info")
"""Worst first; `unknown` ranks with `medium` (decision 2)."""
ORIGINS: Final = ("base", "own", "unknown")


class Upgrade(msgspec.Struct, frozen=True, kw_only=True):
    """All vulnerabilities that one upgrade closes, or that wait for one fix."""

    name: str
    """Source package."""
    installed: str
    fixed: str | None
    severity: str
    """The worst of its members'."""
    members: tuple[VulnerabilityFacts, ...]
    """Exploited ones first, then by severity and likelihood of exploitation."""

    @property
    def is_exploited(self) -> bool:
        """Tell whether attackers are known to use one of them (KEV)."""
        return self.members[0].kev

    @property
    def layers(self) -> tuple[int, ...]:
        """Return the layers that brought the packages."""
        return tuple(sorted({one.layer for one in self.members if one.layer is not None}))

    @property
    def origin(self) -> str:
        """Return `base`, `own`, `unknown`, or `base and own`."""
        found = {one.origin for one in self.members}
        return " and ".join(origin for origin in ORIGINS if origin in found)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids, each once, in the order of the members."""
        return tuple(dict.fromkeys(one.id for one in self.members))


def upgrades(found: Iterable[VulnerabilityFacts]) -> tuple[Upgrade, ...]:
    """Return one upgrade per source package, installed version and fix, the most urgent first; suppressed ones left out."""
    groups: dict[tuple[str, str, str | None], list[VulnerabilityFacts]] = defaultdict(list)
    for one in found:
        if not one.suppressed:
            groups[one.source or one.package, one.installed, one.fixed].append(one)
    made = [_upgrade(name, installed, fixed, members) for (name, installed, fixed), members in groups.items()]
    return tuple(sorted(made, key=_urgency))


def split_counts(found: Iterable[VulnerabilityFacts]) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Return how many that count stand in each part of the image: (`base`, ((`high`, 3), …)); empty parts left out."""
    counts = Counter((one.origin, one.severity) for one in found if not one.suppressed)
    parts = []
    for origin in ORIGINS:
        row = tuple((severity, counts[origin, severity]) for severity in SEVERITIES if counts[origin, severity])
        if row:
            parts.append((origin, row))
    return tuple(parts)


def worst(severities: Iterable[str]) -> str:
    """Return the worst of some severities."""
    return min(severities, key=SEVERITIES.index)


def _upgrade(name: str, installed: str, fixed: str | None, members: Sequence[VulnerabilityFacts]) -> Upgrade:
    ordered = sorted(members, key=lambda one: (not one.kev, SEVERITIES.index(one.severity), -(one.epss or 0.0), one.id))
    return Upgrade(
        name=name,
        installed=installed,
        fixed=fixed,
        severity=worst(one.severity for one in members),
        members=tuple(ordered),
    )


def _urgency(upgrade: Upgrade) -> tuple[object, ...]:
    place = SEVERITIES.index(upgrade.severity)
    return (
        not upgrade.is_exploited,
        place,
        upgrade.fixed is None,
        -len(upgrade.members),
        upgrade.name,
        upgrade.installed,
    )
