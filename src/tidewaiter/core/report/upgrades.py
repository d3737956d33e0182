"""Vulnerabilities as what people act on: one upgrade of one source package, and how much of it comes with the base."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec

from tidewaiter.core.report.facts import VulnerabilityFacts
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS

SEVERITIES: Final = ("critical", "high", "medium", "unknown", "low", "info")
"""Worst first; `unknown` ranks with `medium` (decision 2)."""
ORIGINS: Final = ("base", "own", "unknown")
_SCHEMES: Final = {ecosystem.purl_type: ecosystem.scheme for ecosystem in ECOSYSTEMS.values()}


class Upgrade(msgspec.Struct, frozen=True, kw_only=True):
    """All vulnerabilities that one upgrade closes, or that wait for one fix."""

    name: str
    """Source package."""
    installed: str
    fixed: str | None
    """The highest of its members' fixes by the order of their ecosystem: it closes them all; None where none has one."""
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
    """Return one upgrade per source package and installed version, and one for what has no fix; the most urgent first.

    Suppressed vulnerabilities are left out. A fix that needs a subscription is an upgrade of its own.
    """
    groups: dict[tuple[str, str, str, bool, str], list[VulnerabilityFacts]] = defaultdict(list)
    for one in found:
        if not one.suppressed:
            kind = one.purl.removeprefix("pkg:").partition("/")[0]
            key = (kind, one.source or one.package, one.installed, one.fixed is not None, one.fix_needs)
            groups[key].append(one)
    made = [_upgrade(kind, name, installed, members) for (kind, name, installed, *_), members in groups.items()]
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


def _upgrade(kind: str, name: str, installed: str, members: Sequence[VulnerabilityFacts]) -> Upgrade:
    ordered = sorted(members, key=lambda one: (not one.kev, SEVERITIES.index(one.severity), -(one.epss or 0.0), one.id))
    return Upgrade(
        name=name,
        installed=installed,
        fixed=_highest(kind, {one.fixed for one in members if one.fixed is not None}),
        severity=worst(one.severity for one in members),
        members=tuple(ordered),
    )


def _highest(kind: str, fixes: Collection[str]) -> str | None:
    """Return the fix that lies above all others; a type without an order of its own is compared as semantic versions."""
    if len(fixes) < 2:
        return next(iter(fixes), None)
    scheme = _SCHEMES.get(kind, ECOSYSTEMS["npm"].scheme)
    return max(fixes, key=lambda fix: (scheme.key(fix), fix))


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
