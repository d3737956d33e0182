"""From packages to the names that advisories use, and back from OSV's ecosystems to orders of versions.

Operating systems are in `distributions`, which also says what feeds of each have to write.
"""

from collections.abc import Iterable, Mapping

import msgspec

from tidewaiter.core.model.package import OperatingSystem, Package, normalised_python_name
from tidewaiter.core.vuln.advisory import PackageKey
from tidewaiter.core.vuln.distributions import (
    SOURCE_SUFFIX,
    distribution,
    is_module_name,
    module_name,
    source_name,
    split_ecosystem,
)
from tidewaiter.core.vuln.kernel import signed_source
from tidewaiter.core.vuln.versions import BUILTIN, VersionScheme

__all__ = [
    "ECOSYSTEMS",
    "LANGUAGES",
    "Ecosystem",
    "compared_version",
    "distribution",
    "is_unversioned",
    "key_of",
    "keys_of",
    "normalised",
    "split_ecosystem",
]

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
    "swift": "SwiftURL",
    "cocoapods": "CocoaPods",
    "conan": "ConanCenter",
    "bitnami": "Bitnami",
    "githubactions": "GitHub Actions",
    "k8s": "Kubernetes",
}
"""Language ecosystems by purl type, so that what is missing can be named."""

_DISTRIBUTIONS: Mapping[str, tuple[str, bool]] = {
    "Debian": ("deb", True),
    "Ubuntu": ("deb", True),
    "Alpine": ("apk", True),
    "Wolfi": ("apk", False),
    "Chainguard": ("apk", False),
    "Red Hat": ("rpm", True),
    "AlmaLinux": ("rpm", True),
    "Rocky Linux": ("rpm", True),
    "Oracle Linux": ("rpm", True),
    "Amazon Linux": ("rpm", True),
    "SUSE": ("rpm", True),
    "openSUSE": ("rpm", True),
    "Azure Linux": ("rpm", True),
    "CBL-Mariner": ("rpm", True),
    "Photon OS": ("rpm", True),
    "Fedora": ("rpm", True),
    "Bottlerocket": ("rpm", False),
    "Arch Linux": ("alpm", False),
}
"""purl type of a distribution's packages, and whether its advisories belong to releases."""


_PROGRAMS: Mapping[str, str] = {"node": "Node.js"}
"""Programs that are found as bare files and have advisories of their own, by name; OSV has no ecosystem for them."""


class Ecosystem(msgspec.Struct, frozen=True, kw_only=True):
    """One ecosystem that can be matched."""

    name: str
    """As OSV names it, without release."""
    purl_type: str
    scheme: VersionScheme
    is_distribution: bool = False
    has_releases: bool = False
    """True when every row belongs to one release."""


def _ecosystems(schemes: Iterable[VersionScheme]) -> Mapping[str, Ecosystem]:
    types = {name: (purl_type, False) for purl_type, name in LANGUAGES.items()} | dict(_DISTRIBUTIONS)
    types |= dict.fromkeys(_PROGRAMS.values(), ("generic", False))
    return {
        tag: Ecosystem(
            name=tag,
            purl_type=types[tag][0],
            scheme=scheme,
            is_distribution=tag in _DISTRIBUTIONS,
            has_releases=types[tag][1],
        )
        for scheme in schemes
        for tag in scheme.tags
        if tag in types
    }


ECOSYSTEMS: Mapping[str, Ecosystem] = _ecosystems(BUILTIN)
"""By OSV name; an ecosystem that is not here has no order of versions yet and is never matched."""

_BOTTLEROCKET = "Bottlerocket"
_LABEL_COLONS = 2
"""A label has a version after name and stream."""
_FOLDED = frozenset({"NuGet", "Packagist", "Hex", "GitHub Actions"})
_UPPER_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def normalised(ecosystem: str, name: str) -> str:
    """Return the name under which a package is looked up.

    PyPI, NuGet, Packagist, Hex and repositories of GitHub and Swift have no case, and only ASCII letters are folded: a
    homoglyph must never become the package it imitates. Swift's addresses lose their scheme and `.git`.
    """
    if ecosystem == "PyPI":
        return normalised_python_name(name) if name.isascii() else name.translate(_UPPER_TO_LOWER)
    if ecosystem == "SwiftURL":
        return (
            name.partition("://")[2].translate(_UPPER_TO_LOWER).removesuffix(".git")
            if "://" in name
            else (name.translate(_UPPER_TO_LOWER).removesuffix(".git"))
        )
    return name.translate(_UPPER_TO_LOWER) if ecosystem in _FOLDED else name


def keys_of(package: Package, system: OperatingSystem | None) -> tuple[PackageKey, ...]:
    """Return the keys under which advisories speak of a package, the nearest first.

    Empty for an OS package of an unknown system, or of another system than the image's. Packages of rpm distributions
    have two: the binary's name, and the source's with `.src`; packages of a module a third one, the module's.
    """
    if package.type in LANGUAGES:
        ecosystem = LANGUAGES[package.type]
        return (PackageKey(ecosystem=ecosystem, name=normalised(ecosystem, package.name)),)
    if package.type == "generic" and package.name in _PROGRAMS:
        return (PackageKey(ecosystem=_PROGRAMS[package.name], name=package.name),)
    system = system or _system_of(package)
    if system is None:
        return ()
    ecosystem, release = distribution(system)
    known = _DISTRIBUTIONS.get(ecosystem)
    if known is not None and known[0] != package.type and ecosystem != _BOTTLEROCKET:
        return ()
    if known is None or known[0] in {"deb", "apk"}:
        return (PackageKey(ecosystem=ecosystem, release=release, name=(signed_source(package) or package.source)[0]),)
    names = [package.name]
    if known[0] == "rpm" and ecosystem != _BOTTLEROCKET:
        names.append(source_name(package.source[0]))
        if package.module.count(":") >= _LABEL_COLONS:
            names.append(module_name(":".join(package.module.split(":")[:2])))
    return tuple(PackageKey(ecosystem=ecosystem, release=release, name=name) for name in names)


def key_of(package: Package, system: OperatingSystem | None) -> PackageKey | None:
    """Return the nearest key under which advisories speak of a package, None when there is none."""
    keys = keys_of(package, system)
    return keys[0] if keys else None


def compared_version(package: Package, key: PackageKey | None = None, system: OperatingSystem | None = None) -> str:
    """Return the version that is compared under a key.

    The source package's for deb and apk and under `.src` keys, the module's under its key, the OS release for
    Bottlerocket, else the package's own.
    """
    if package.type in {"deb", "apk"}:
        return (signed_source(package) or package.source)[1]
    if key is not None and key.ecosystem == _BOTTLEROCKET and system is not None:
        return system.version_id
    if key is not None and is_module_name(key.name):
        return package.module.split(":")[2]
    if key is not None and package.type == "rpm" and key.name.endswith(SOURCE_SUFFIX):
        return package.source[1]
    return package.version


def is_unversioned(package: Package) -> bool:
    """Tell whether a Go module does not know its version, so that no advisory can be compared with it.

    A program of its own, or a module that stands for another one by a path (`replace`).
    """
    if package.type != "golang" or not (package.is_main or not package.version):
        return False
    return package.version in {"", "(devel)"} or package.version.startswith(("v0.0.0-", "0.0.0-"))


def _system_of(package: Package) -> OperatingSystem | None:
    """Return what the package's own `distro` qualifier says, for inventories that come without os-release."""
    name, dash, version = package.distro.partition("-")
    return OperatingSystem(id=name, version_id=version) if dash and name else None
