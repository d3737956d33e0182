"""Which distribution an image is (freedesktop.org: os-release; older files of the distributions where it is missing)."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan import release_files
from tidewaiter.scan.os_channels import apk_branches, content_sets, enabled_services
from tidewaiter.scan.release_text import first_line, pairs

_OS_RELEASE: Final = ("etc/os-release", "usr/lib/os-release")
FILES: Final = (*_OS_RELEASE, *release_files.FILES)
"""In the order in which they are asked."""
_CODENAME: Final = re.compile(r"\((?P<word>[a-z]+)\)$")
_SUSE: Final = ("sle", "sl-micro", "suse")


def operating_system(files: Mapping[str, bytes]) -> OperatingSystem | None:
    """Return the distribution told by the files that the merged image has, with its channels; None when none tells it.

    `files` maps paths without leading `/` to bodies: those of FILES, `etc/apk/repositories`, content manifests of Red
    Hat below `buildinfo`, and the state of Ubuntu Pro.
    """
    system = _identified(files)
    if system is None:
        return None
    repositories = {*apk_branches(files)[0], *content_sets(files)[0]}
    return msgspec.structs.replace(
        system, repositories=tuple(sorted(repositories)), services=tuple(sorted(enabled_services(files)[0]))
    )


def system_unknowns(files: Mapping[str, bytes]) -> tuple[Unknown, ...]:
    """Return what is unclear about the distribution: repositories that are mixed, files that cannot be read."""
    found = [*apk_branches(files)[1], *content_sets(files)[1], *enabled_services(files)[1]]
    if _identified(files) is None:
        told = [path for path in FILES if files.get(path, b"").strip()]
        if told:
            reason = "the file names no distribution that is known"
            advice = "give it an `ID=` as freedesktop.org's os-release describes"
            found.append(Unknown(subject=told[0], reason=reason, advice=advice, incomplete=False))
    return tuple(found)


def namespace_of(system: OperatingSystem) -> str:
    """Return the purl namespace of a distribution's packages (package-url/purl-spec: types): its vendor's short name."""
    if system.id == "rhel":
        return "redhat"
    if system.id.startswith("opensuse"):
        return "opensuse"
    return "suse" if system.id.startswith(_SUSE) else system.id


def _identified(files: Mapping[str, bytes]) -> OperatingSystem | None:
    for path in _OS_RELEASE:
        system = parse_os_release(files.get(path, b""))
        if system is not None:
            return _with_debian_version(system, files)
    older = release_files.from_release_files(files)
    return _with_debian_version(older, files) if older is not None else None


def parse_os_release(data: bytes) -> OperatingSystem | None:
    """Return what one os-release file says; None without an ID.

    CentOS Stream has the `ID` of CentOS Linux, whose support ended years before: its variant is `stream` here.
    """
    values = pairs(data)
    if not values.get("ID"):
        return None
    id_ = values["ID"].lower()
    variant = values.get("VARIANT_ID", "").lower()
    if not variant and id_ == "centos" and "stream" in values.get("NAME", "").lower():
        variant = "stream"
    return OperatingSystem(
        id=id_,
        version_id=values.get("VERSION_ID", ""),
        codename=values.get("VERSION_CODENAME") or values.get("UBUNTU_CODENAME") or _codename(id_, values),
        name=values.get("PRETTY_NAME") or values.get("NAME", ""),
        id_like=tuple(values.get("ID_LIKE", "").lower().split()),
        variant=variant,
        cpe=values.get("CPE_NAME", ""),
    )


def _codename(id_: str, values: Mapping[str, str]) -> str:
    """Return the word of `VERSION="9 (stretch)"`, which Debian wrote before it had a field for it."""
    match = _CODENAME.search(values.get("VERSION", "")) if id_ in {"debian", "raspbian"} else None
    return match["word"] if match else ""


def _with_debian_version(system: OperatingSystem, files: Mapping[str, bytes]) -> OperatingSystem:
    """Fill in what Debian's testing and unstable leave out: `trixie/sid` names the release, `12.5` its number."""
    written = first_line(files.get("etc/debian_version", b""))
    if system.id != "debian" or system.version_id or not written:
        return system
    number, dot, _ = written.partition(".")
    version = number if dot and number.isdigit() else ""
    codename = system.codename or ("" if version else written.partition("/")[0])
    return msgspec.structs.replace(system, version_id=version, codename=codename)
