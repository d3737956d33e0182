"""From components to packages: our own properties first, then package URLs with what other tools add (scanning guide 14)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.purl import PurlError
from tidewaiter.core.model.purl_package import package_of as package_of_purl
from tidewaiter.core.report.carried import package_facts, package_of
from tidewaiter.scan.sbom.bom import Bom, Component

_NO_PACKAGES: Final = frozenset({"operating-system", "file", "container", "device", "firmware", "cryptographic-asset"})
_OS_TYPES: Final = frozenset({"deb", "rpm", "apk", "alpm"})
_SCOPES: Final[Mapping[str, Literal["prod", "optional"]]] = {"required": "prod", "optional": "optional"}
_TRIVY: Final = "aquasecurity:trivy:"
_SYFT: Final = "syft:metadata:"
_SYSTEMS: Final[Mapping[str, tuple[str, str]]] = {
    "alma": ("almalinux", ""),
    "amazon": ("amzn", ""),
    "cbl-mariner": ("mariner", ""),
    "centos-stream": ("centos", "stream"),
    "oracle": ("ol", ""),
    "redhat": ("rhel", ""),
    "slem": ("sle-micro", ""),
}
"""What Trivy calls distributions (aquasecurity/trivy: pkg/fanal/types/const.go), and their `ID` and variant."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The packages of a document, and what could not become one."""

    packages: tuple[Package, ...]
    nameless: tuple[str, ...]
    """Components without a usable package URL, by name."""


def packages_of(bom: Bom, *, image: str, system: OperatingSystem | None) -> Found:
    """Return the packages in the order of the document; components that are no packages are passed over.

    A component without a package URL becomes a package of type `generic`, which is never matched.
    """
    made: list[tuple[Component, Package]] = []
    nameless: list[str] = []
    for component in bom.components:
        if component.kind in _NO_PACKAGES or (not component.purl and not component.name):
            continue
        package = _package(component, image, system)
        if package.type == "generic" and not component.purl.startswith("pkg:generic/"):
            nameless.append(package.name)
        made.append((component, package))
    purls = {component.ref: package.purl for component, package in made if component.ref}
    return Found(
        packages=tuple(_connected(component, package, bom.edges, purls) for component, package in made),
        nameless=tuple(nameless),
    )


def system_of(bom: Bom) -> OperatingSystem | None:
    """Return the operating system that the document names, or that most of its package URLs name."""
    for component in bom.components:
        if component.kind == "operating-system" and component.name:
            return _system(component.name.lower(), component.version)
    distros = Counter(_distro(component.purl) for component in bom.components if "distro=" in component.purl)
    distros.pop("", None)
    if not distros:
        return None
    return _system(*_parted(min(distros.items(), key=lambda one: (-one[1], one[0]))[0]))


def _system(name: str, version: str) -> OperatingSystem:
    id_, variant = _SYSTEMS.get(name, (name, ""))
    return OperatingSystem(id=id_, version_id=version, variant=variant)


def _parted(distro: str) -> tuple[str, str]:
    """Return id and version of `opensuse-leap-15.5` and `debian-12`."""
    name, _, version = distro.rpartition("-")
    if name and version[:1].isdigit():
        return name, version
    name, _, version = distro.partition("-")
    return name, version


def _distro(purl: str) -> str:
    try:
        return package_of_purl(purl).distro
    except PurlError:
        return ""


def _package(component: Component, image: str, system: OperatingSystem | None) -> Package:
    own = package_facts(component.properties, purl=component.purl, version=component.version)
    if own is not None:
        return package_of(own, image=image)
    place = Location(file=component.path or _path(component.properties) or None, image=image)
    try:
        package = package_of_purl(component.purl)
    except PurlError:
        name = "/".join(part for part in (component.group, component.name) if part)
        return Package(type="generic", name=name, version=component.version, location=place, licence=component.licence)
    fields: dict[str, object] = {"location": place, "licence": component.licence}
    if component.scope in _SCOPES:
        fields["scope"] = _SCOPES[component.scope]
    if component.kind == "application":
        fields["is_main"] = True
    if not package.version:
        fields["version"] = component.version
    if package.type in _OS_TYPES:
        fields |= _system_fields(package, component.properties, system)
    return msgspec.structs.replace(package, **fields)


def _system_fields(package: Package, properties: Mapping[str, str], system: OperatingSystem | None) -> dict[str, str]:
    """Return what other tools write beside the package URL of an OS package."""
    fields: dict[str, str] = {}
    trivy = {key.removeprefix(_TRIVY): value for key, value in properties.items() if key.startswith(_TRIVY)}
    syft = {key.removeprefix(_SYFT): value for key, value in properties.items() if key.startswith(_SYFT)}
    source = trivy.get("SrcName") or syft.get("source") or syft.get("originPackage") or ""
    if source and not package.source_name and source != package.name:
        fields["source_name"] = source
    version = _trivy_version(trivy) or syft.get("sourceVersion", "")
    if version and not package.source_version and version != package.version:
        fields["source_version"] = version
    module = trivy.get("Modularitylabel") or syft.get("modularityLabel") or ""
    if module and not package.module:
        fields["module"] = module
    vendor = syft.get("vendor") or syft.get("maintainer") or ""
    if vendor:
        fields["maintainer"] = vendor
    named = _system(*_parted(package.distro)) if package.distro else system
    if named is not None and (not package.distro or _parted(package.distro)[0] in _SYSTEMS):
        fields["distro"] = "-".join(part for part in (named.id, named.version_id) if part)
    return fields


def _trivy_version(trivy: Mapping[str, str]) -> str:
    version = trivy.get("SrcVersion", "")
    if not version:
        return ""
    epoch, release = trivy.get("SrcEpoch", ""), trivy.get("SrcRelease", "")
    return (f"{epoch}:" if epoch not in {"", "0"} else "") + version + (f"-{release}" if release else "")


def _path(properties: Mapping[str, str]) -> str:
    found = properties.get("syft:location:0:path") or properties.get(f"{_TRIVY}FilePath") or ""
    return found.lstrip("/")


def _connected(
    component: Component, package: Package, edges: Mapping[str, Sequence[str]], purls: Mapping[str, str]
) -> Package:
    if package.requires:
        return package
    targets: Iterable[str] = (purls[ref] for ref in edges.get(component.ref, ()) if ref in purls)
    requires = tuple(sorted({purl for purl in targets if purl != package.purl}))
    return msgspec.structs.replace(package, requires=requires) if requires else package
