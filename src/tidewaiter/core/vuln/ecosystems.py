"""From packages to the names that advisories use, and back from OSV's ecosystems to orders of versions."""

from collections.abc import Iterable, Mapping

import msgspec

from tidewaiter.core.model.package import OperatingSystem, Package, normalised_python_name
from tidewaiter.core.vuln.advisory import PackageKey
from tidewaiter.core.vuln.debian import ROLLING, release_of
from tidewaiter.core.vuln.versions import BUILTIN, VersionScheme


class Ecosystem(msgspec.Struct, frozen=True, kw_only=True):
    """One ecosystem that can be matched."""

    name: str
    """As OSV names it, without release."""
    purl_type: str
    scheme: VersionScheme
    is_distribution: bool = False


def _ecosystems(schemes: Iterable[VersionScheme]) -> Mapping[str, Ecosystem]:
    types = {"Debian": "deb", "PyPI": "pypi", "npm": "npm"}
    return {
        tag: Ecosystem(name=tag, purl_type=types[tag], scheme=scheme, is_distribution=types[tag] == "deb")
        for scheme in schemes
        for tag in scheme.tags
        if tag in types
    }


ECOSYSTEMS: Mapping[str, Ecosystem] = _ecosystems(BUILTIN)
"""By OSV name; an ecosystem that is not here has no order of versions yet and is never matched."""

LANGUAGES: Mapping[str, str] = {
    "pypi": "PyPI",
    "npm": "npm",
    "maven": "Maven",
    "golang": "Go",
    "cargo": "crates.io",
    "gem": "RubyGems",
    "composer": "Packagist",
    "nuget": "NuGet",
    "hex": "Hex",
    "pub": "Pub",
}
"""Language ecosystems by purl type, so that what is missing can be named."""

_DISTRIBUTIONS: Mapping[str, str] = {
    "debian": "Debian",
    "ubuntu": "Ubuntu",
    "alpine": "Alpine",
    "rhel": "Red Hat",
    "almalinux": "AlmaLinux",
    "rocky": "Rocky Linux",
    "wolfi": "Wolfi",
    "chainguard": "Chainguard",
}

_UPPER_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def split_ecosystem(text: str) -> tuple[str, str]:
    """Return an OSV ecosystem's name and release key: `Debian:12` is (`Debian`, `12`)."""
    name, _, release = text.strip().partition(":")
    return (name, release_of(release)) if name == "Debian" and release else (name, release)


def normalised(ecosystem: str, name: str) -> str:
    """Return the name under which a package is looked up.

    Only PyPI names are folded, and only ASCII letters of them: a homoglyph must never become the package it imitates.
    """
    if ecosystem != "PyPI":
        return name
    return normalised_python_name(name) if name.isascii() else name.translate(_UPPER_TO_LOWER)


def distribution(system: OperatingSystem) -> tuple[str, str]:
    """Return the ecosystem and release of an operating system as advisories name them."""
    name = _DISTRIBUTIONS.get(system.id, system.name or system.id)
    if name == "Debian":
        # Testing and unstable carry no number, only the codename of the release to come.
        return name, release_of(system.version_id or system.codename or ROLLING)
    return name, system.version_id


def key_of(package: Package, system: OperatingSystem | None) -> PackageKey | None:
    """Return the key under which advisories speak of a package; None for an OS package of an unknown system."""
    if package.type in LANGUAGES:
        ecosystem = LANGUAGES[package.type]
        return PackageKey(ecosystem=ecosystem, name=normalised(ecosystem, package.name))
    system = system or _system_of(package)
    if system is None:
        return None
    ecosystem, release = distribution(system)
    return PackageKey(ecosystem=ecosystem, release=release, name=package.source[0])


def compared_version(package: Package) -> str:
    """Return the version that is compared: the source package's for OS packages, the package's own otherwise."""
    return package.version if package.type in LANGUAGES else package.source[1]


def _system_of(package: Package) -> OperatingSystem | None:
    """Return what the package's own `distro` qualifier says, for inventories that come without os-release."""
    name, dash, version = package.distro.partition("-")
    return OperatingSystem(id=name, version_id=version) if dash and name else None
