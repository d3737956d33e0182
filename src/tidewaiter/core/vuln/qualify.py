"""Tells which rows speak of a package on its system: architecture, module, flavour, repository, subscription (9.2)."""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

import msgspec

from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.vuln import cpe, ubuntu
from tidewaiter.core.vuln.advisory import ANY, Qualifiers, Row
from tidewaiter.core.vuln.distributions import rpm_flavour
from tidewaiter.core.vuln.modules import MODULAR, is_modular, stream_of

_EVERY_ARCH = frozenset({"", "noarch", "all", "any"})
_EXTRA = "amzn2extra-"
_SERIES = re.compile(r"[0-9]+(?:\.[0-9]+)*$")


class Why(StrEnum):
    """Why a row does not speak of a package; the value completes "the row is for …"."""

    APPLIES = ""
    ARCH = "another architecture"
    MODULE = "another module stream"
    FLAVOUR = "another flavour of the build"
    REPOSITORY = "a repository that is not enabled"
    UNCLEAR = "a module stream, and the package names none"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What of a package and its system decides which rows apply."""

    ecosystem: str = ""
    arch: str = ""
    module: str = ""
    """`name:stream`."""
    modular: bool = False
    flavour: str = ""
    version: str = ""
    repository: str = ""
    enabled: tuple[cpe.Cpe, ...] = ()
    """Repositories of a Red Hat system."""
    services: frozenset[str] = frozenset()

    @property
    def is_plain(self) -> bool:
        """True when rows without qualifiers apply without a look at anything."""
        return not self.flavour and self.ecosystem not in MODULAR and not self.repository


def target_of(package: Package, ecosystem: str, system: OperatingSystem | None, enabled: Collection[cpe.Cpe]) -> Target:
    """Return what decides about rows of a package."""
    flavour = ubuntu.flavour_of(package.version) if ecosystem == "Ubuntu" else ""
    if ecosystem in {"Oracle Linux", "Rocky Linux"}:
        flavour = rpm_flavour(package.version)
    return Target(
        ecosystem=ecosystem,
        arch=package.arch,
        module=stream_of(package.module),
        modular=bool(package.module) or (package.type == "rpm" and is_modular(package.version)),
        flavour=flavour,
        version=package.version,
        repository=package.repository.lstrip("@"),
        enabled=tuple(enabled) if ecosystem == "Red Hat" else (),
        services=frozenset(system.services) if system is not None else frozenset(),
    )


def enabled_repositories(system: OperatingSystem, known: Mapping[str, Iterable[str]]) -> tuple[cpe.Cpe, ...]:
    """Return the CPEs of the repositories of a Red Hat system; those of every installation when none is known.

    `known` maps names of content sets to CPEs. A CPE in the list of repositories stands for itself.
    """
    texts = [text for text in system.repositories if text.startswith("cpe:/")]
    texts += [text for name in system.repositories for text in known.get(name, ())]
    found = [one for text in texts if (one := cpe.parse(text)) is not None]
    if not found:
        major = system.version_id.partition(".")[0]
        found = [one for text in cpe.defaults(major) if (one := cpe.parse(text)) is not None]
    return tuple(dict.fromkeys(found))


def applies(row: Row, target: Target, *, is_source: bool = False) -> Why:
    """Return why a row does not speak of a package, or that it does."""
    asked = row.qualifiers
    if asked is ANY and target.is_plain:
        return Why.APPLIES
    if asked.arches and not is_source and not _is_for(asked.arches, target.arch):
        return Why.ARCH
    if asked.flavour != target.flavour and not _is_other_flavour_heard(asked, target):
        return Why.FLAVOUR
    if asked.repositories and not _is_enabled(row, target):
        return Why.REPOSITORY
    if not asked.repositories and target.repository.startswith(_EXTRA):
        return Why.REPOSITORY
    return _module(row, target) if target.ecosystem in MODULAR else Why.APPLIES


def level(row: Row, target: Target) -> int:
    """Return how near a row that applies is to the package; of one record only the nearest ones are heard.

    A channel that is attached first, then the archive that everybody has, then channels that are not attached: a
    package whose newest build is one of the channel has no other row. Rows of another flavour are heard only where the
    package's own has none.
    """
    asked = row.qualifiers
    rank = 1
    if asked.needs:
        rank = 0 if _is_attached(asked.needs, target) else 2
    return rank + (3 if asked.flavour != target.flavour else 0)


def fix_needs(row: Row, target: Target) -> str:
    """Return the subscription that the fix of a row needs and the system has not attached; empty for none."""
    needs = row.qualifiers.needs
    return needs if needs and not _is_attached(needs, target) else ""


def _is_for(arches: tuple[str, ...], arch: str) -> bool:
    return arch in _EVERY_ARCH or arch in arches or "noarch" in arches


def _is_other_flavour_heard(asked: Qualifiers, target: Target) -> bool:
    """Ubuntu's FIPS builds follow the plain ones closely, so plain rows stand in where a record has no FIPS row."""
    return target.ecosystem == "Ubuntu" and target.flavour == ubuntu.FIPS and not asked.flavour


def _is_attached(needs: str, target: Target) -> bool:
    """Tell whether a subscription is on; a package of the channel proves that it was."""
    service = needs.partition(":")[2]
    if not service:
        return any(name.startswith("esm") for name in target.services)
    if service in target.services:
        return True
    return "esm" in target.version if service.startswith("esm") else service.startswith(target.flavour or "-")


def _is_enabled(row: Row, target: Target) -> bool:
    names = row.qualifiers.repositories
    if names[0].startswith("cpe:/"):
        asked = [one for name in names if (one := cpe.parse(name)) is not None]
        return any(cpe.covers(one, enabled) for one in asked for enabled in target.enabled)
    if target.repository:
        return any(target.repository in {name, _EXTRA + name} for name in names)
    return any(_is_of_series(name, row, target) for name in names)


def _is_of_series(name: str, row: Row, target: Target) -> bool:
    """Tell by the numbers whether a package came from a repository for one series: `kernel-5.15` is not for 4.14."""
    version = target.version.rpartition(":")[2]
    found = _SERIES.search(name)
    series = found[0] if found is not None else (row.interval.fixed or "").rpartition(":")[2].partition(".")[0]
    return not series or version == series or version.startswith(f"{series}.")


def _module(row: Row, target: Target) -> Why:
    asked = row.qualifiers.module
    if asked:
        if target.module:
            return Why.APPLIES if asked == target.module else Why.MODULE
        if not target.modular:
            return Why.MODULE
        # Oracle leaves the label of default streams empty.
        return Why.APPLIES if target.ecosystem == "Oracle Linux" else Why.UNCLEAR
    is_built = is_modular(row.interval.fixed or row.interval.hi or "")
    if is_built == target.modular:
        return Why.UNCLEAR if is_built else Why.APPLIES
    return Why.MODULE
