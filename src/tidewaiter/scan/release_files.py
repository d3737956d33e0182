"""Which distribution an image without os-release is: the release files that distributions wrote before there was one."""

import re
from collections.abc import Mapping
from typing import Final

from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.scan.release_text import first_line, pairs

FILES: Final = (
    "etc/alpine-release",
    "etc/oracle-release",
    "etc/rocky-release",
    "etc/almalinux-release",
    "etc/fedora-release",
    "etc/photon-release",
    "etc/azurelinux-release",
    "etc/mariner-release",
    "etc/SuSE-release",
    "etc/centos-release",
    "etc/system-release",
    "etc/redhat-release",
    "etc/arch-release",
    "etc/lsb-release",
    "etc/debian_version",
)
"""In the order in which they are asked: rebuilds of a distribution often keep its own file beside theirs."""
_RELEASE: Final = re.compile(
    r"^(?P<name>[A-Za-z][A-Za-z .-]*?) release (?P<version>\d+(?:\.\d+)?)[^(]*(?:\((?P<word>[^)]*)\))?"
)
_NUMBERED: Final = re.compile(r"^(?P<name>[A-Za-z][A-Za-z .-]*?) (?P<version>\d+(?:\.\d+)?)")
_IDS: Final = (
    ("centos", "centos"),
    ("almalinux", "almalinux"),
    ("rocky", "rocky"),
    ("fedora", "fedora"),
    ("oracle", "ol"),
    ("amazon", "amzn"),
    ("red hat", "rhel"),
    ("vmware photon", "photon"),
    ("photon", "photon"),
    ("azure linux", "azurelinux"),
    ("microsoft azure linux", "azurelinux"),
    ("cbl-mariner", "mariner"),
    ("common base linux mariner", "mariner"),
    ("opensuse", "opensuse"),
    ("suse linux enterprise desktop", "sled"),
    ("suse", "sles"),
)
"""How the name in a release file begins, and the `ID` that os-release of the same system has."""


def from_release_files(files: Mapping[str, bytes]) -> OperatingSystem | None:
    """Return what the first usable file of FILES tells; None when none does."""
    for path in FILES:
        if path in files:
            system = _READERS.get(path, _named)(files[path])
            if system is not None:
                return system
    return None


def _alpine(data: bytes) -> OperatingSystem:
    return OperatingSystem(id="alpine", version_id=first_line(data), name="Alpine Linux")


def _arch(_: bytes) -> OperatingSystem:
    """Take the file, which is empty, as the statement that it is."""
    return OperatingSystem(id="arch", name="Arch Linux")


def _debian(_: bytes) -> OperatingSystem:
    """Leave the version to the caller, who adds it for systems with os-release too."""
    return OperatingSystem(id="debian", name="Debian GNU/Linux")


def _lsb(data: bytes) -> OperatingSystem | None:
    values = pairs(data)
    if not values.get("DISTRIB_ID"):
        return None
    return OperatingSystem(
        id=values["DISTRIB_ID"].lower(),
        version_id=values.get("DISTRIB_RELEASE", ""),
        codename=values.get("DISTRIB_CODENAME", ""),
    )


def _named(data: bytes) -> OperatingSystem | None:
    """Read `NAME release 1.2 (Word)` of the Red Hat family, or `NAME 1.2` of Photon and Azure Linux."""
    line = first_line(data)
    match = _RELEASE.match(line) or _NUMBERED.match(line)
    id_ = _id_of(match["name"]) if match else ""
    if match is None or not id_:
        return None
    variant = "stream" if id_ == "centos" and "stream" in match["name"].lower() else ""
    return OperatingSystem(id=id_, version_id=match["version"], name=match["name"], variant=variant)


def _suse(data: bytes) -> OperatingSystem | None:
    """Read the two numbers of a system before SLES 12, which stand on lines of their own."""
    named = _named(data)
    values = pairs(data.replace(b" = ", b"="))
    if named is None:
        return None
    version = values.get("VERSION") or named.version_id
    patch = values.get("PATCHLEVEL", "0")
    return OperatingSystem(
        id=named.id,
        version_id=version if patch in {"", "0"} else f"{version}.{patch}",
        codename=values.get("CODENAME", "").lower(),
        name=named.name,
    )


def _id_of(name: str) -> str:
    lower = name.lower()
    return next((id_ for start, id_ in _IDS if lower.startswith(start)), "")


_READERS: Final = {
    "etc/alpine-release": _alpine,
    "etc/arch-release": _arch,
    "etc/lsb-release": _lsb,
    "etc/debian_version": _debian,
    "etc/SuSE-release": _suse,
}
