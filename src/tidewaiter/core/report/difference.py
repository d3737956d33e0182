"""What changed between two scans: packages, vulnerabilities, credentials, tools, layers, configuration."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec

from tidewaiter.core.report.facts import CredentialFacts, Facts, PackageFacts, ToolFact, VulnerabilityFacts
from tidewaiter.core.report.upgrades import SEVERITIES

SCHEMA: Final = "tidewaiter.dev/image-diff/v1"


class PackageChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One package that came, went, or changed its version; the versions at all its places, sorted."""

    type: str
    name: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class VulnerabilityChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One vulnerability of one package that only one of the images has."""

    id: str
    package: str
    type: str
    installed: str
    fixed: str | None
    severity: str
    kev: bool = False


class Difference(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The document `tidewaiter image diff --format json` writes."""

    schema: str
    before: str
    after: str
    digests: tuple[str, str]
    system: tuple[str, str]
    user: tuple[str, str]
    bases: tuple[tuple[str, ...], tuple[str, ...]]
    shared_layers: int
    """How many of the lowest layers are the same in both."""
    layers: tuple[int, int]
    size: tuple[int, int]
    """Bytes of all layers as stored."""
    packages: tuple[PackageChange, ...]
    gone: tuple[VulnerabilityChange, ...]
    """Vulnerabilities of the first image that the second does not have, the worst first."""
    new: tuple[VulnerabilityChange, ...]
    stayed: int
    """Vulnerabilities that both have."""
    gone_credentials: tuple[str, ...]
    new_credentials: tuple[str, ...]
    gone_tools: tuple[str, ...]
    new_tools: tuple[str, ...]


def difference(before: Facts, after: Facts) -> Difference:
    """Return what changed from one image to the other; suppressed vulnerabilities do not count.

    A vulnerability is the same when id, package type and name are, whatever the version and the place.
    """
    old, new = _vulnerabilities(before), _vulnerabilities(after)
    return Difference(
        schema=SCHEMA,
        before=before.image.ref or before.image.source,
        after=after.image.ref or after.image.source,
        digests=(before.image.digest, after.image.digest),
        system=(before.image.os, after.image.os),
        user=(before.image.user, after.image.user),
        bases=(_bases(before), _bases(after)),
        shared_layers=_shared(before, after),
        layers=(len(before.layers), len(after.layers)),
        size=(sum(layer.size for layer in before.layers), sum(layer.size for layer in after.layers)),
        packages=_packages(before.packages, after.packages),
        gone=_changes(old[key] for key in old.keys() - new.keys()),
        new=_changes(new[key] for key in new.keys() - old.keys()),
        stayed=len(old.keys() & new.keys()),
        gone_credentials=_only(_credentials(before.credentials), _credentials(after.credentials)),
        new_credentials=_only(_credentials(after.credentials), _credentials(before.credentials)),
        gone_tools=_only(_tools(before.tools), _tools(after.tools)),
        new_tools=_only(_tools(after.tools), _tools(before.tools)),
    )


def _bases(facts: Facts) -> tuple[str, ...]:
    return facts.image.base.names if facts.image.base is not None else ()


def _shared(before: Facts, after: Facts) -> int:
    count = 0
    for one, other in zip(before.layers, after.layers, strict=False):
        if not one.diff_id or one.diff_id != other.diff_id:
            break
        count += 1
    return count


def _packages(before: Iterable[PackageFacts], after: Iterable[PackageFacts]) -> tuple[PackageChange, ...]:
    old, new = _versions(before), _versions(after)
    changes = (
        PackageChange(type=type_, name=name, before=old.get((type_, name), ()), after=new.get((type_, name), ()))
        for type_, name in sorted(old.keys() | new.keys())
    )
    return tuple(change for change in changes if change.before != change.after)


def _versions(packages: Iterable[PackageFacts]) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for package in packages:
        found[package.type, package.name].add(package.version)
    return {key: tuple(sorted(versions)) for key, versions in found.items()}


def _vulnerabilities(facts: Facts) -> dict[tuple[str, str, str], VulnerabilityChange]:
    types = {package.purl: package.type for package in facts.packages}
    found: dict[tuple[str, str, str], VulnerabilityChange] = {}
    for one in sorted(facts.vulnerabilities, key=_order):
        if not one.suppressed:
            type_ = types.get(one.purl, "")
            found.setdefault((one.id, type_, one.package), _change(one, type_))
    return found


def _order(one: VulnerabilityFacts) -> tuple[int, str, str]:
    return SEVERITIES.index(one.severity), one.purl, one.path


def _change(one: VulnerabilityFacts, type_: str) -> VulnerabilityChange:
    return VulnerabilityChange(
        id=one.id,
        package=one.package,
        type=type_,
        installed=one.installed,
        fixed=one.fixed,
        severity=one.severity,
        kev=one.kev,
    )


def _changes(found: Iterable[VulnerabilityChange]) -> tuple[VulnerabilityChange, ...]:
    return tuple(
        sorted(found, key=lambda one: (not one.kev, SEVERITIES.index(one.severity), one.package, one.type, one.id))
    )


def _credentials(found: Iterable[CredentialFacts]) -> set[str]:
    return {f"{one.title}: {one.path or one.source} ({one.redacted})" for one in found}


def _tools(found: Iterable[ToolFact]) -> set[str]:
    return {f"{one.name} ({one.kind}): {one.path}" for one in found}


def _only(these: set[str], others: set[str]) -> tuple[str, ...]:
    return tuple(sorted(these - others))
