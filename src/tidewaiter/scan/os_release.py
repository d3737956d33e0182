"""Which distribution an image is (freedesktop.org: os-release; older files of the distributions where it is missing)."""

import re
from collections.abc import Mapping
from typing import Final

from tidewaiter.core.model.package import OperatingSystem

FILES: Final = (
    "etc/os-release",
    "usr/lib/os-release",
    "etc/debian_version",
    "etc/alpine-release",
    "etc/redhat-release",
    "etc/centos-release",
    "etc/lsb-release",
)
"""In the order in which they are asked."""
_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_LONGEST: Final = 256
"""Characters of a value that are kept; they are names and versions, and they are shown to people."""
_ESCAPE: Final = re.compile(r'\\([$"\'\\`])')
_RED_HAT: Final = re.compile(
    r"^(?P<name>[A-Za-z ]+?)(?: Linux)?(?: Server| Workstation| Client)? release (?P<version>\d+(?:\.\d+)?)",
    re.MULTILINE,
)
_RED_HAT_IDS: Final = {
    "centos": "centos",
    "red hat enterprise": "rhel",
    "almalinux": "almalinux",
    "rocky": "rocky",
    "fedora": "fedora",
}


def operating_system(files: Mapping[str, bytes]) -> OperatingSystem | None:
    """Return the distribution told by the files of FILES that the merged image has; None when none tells it."""
    for path in FILES[:2]:
        system = parse_os_release(files.get(path, b""))
        if system is not None:
            return _with_debian_version(system, files)
    if "etc/alpine-release" in files:
        return OperatingSystem(id="alpine", version_id=_line(files["etc/alpine-release"]), name="Alpine Linux")
    for path in ("etc/centos-release", "etc/redhat-release"):
        match = _RED_HAT.search(_text(files.get(path, b"")))
        if match is not None:
            id_ = _RED_HAT_IDS.get(match["name"].lower().strip(), "rhel")
            return OperatingSystem(id=id_, version_id=match["version"], name=match["name"])
    lsb = _pairs(_text(files.get("etc/lsb-release", b"")))
    if lsb.get("DISTRIB_ID"):
        version, codename = lsb.get("DISTRIB_RELEASE", ""), lsb.get("DISTRIB_CODENAME", "")
        return OperatingSystem(id=lsb["DISTRIB_ID"].lower(), version_id=version, codename=codename)
    if "etc/debian_version" in files:
        return _with_debian_version(OperatingSystem(id="debian", name="Debian GNU/Linux"), files)
    return None


def parse_os_release(data: bytes) -> OperatingSystem | None:
    """Return what one os-release file says; None without an ID."""
    values = _pairs(_text(data))
    if not values.get("ID"):
        return None
    return OperatingSystem(
        id=values["ID"].lower(),
        version_id=values.get("VERSION_ID", ""),
        codename=values.get("VERSION_CODENAME", ""),
        name=values.get("PRETTY_NAME") or values.get("NAME", ""),
        id_like=tuple(values.get("ID_LIKE", "").lower().split()),
    )


def _with_debian_version(system: OperatingSystem, files: Mapping[str, bytes]) -> OperatingSystem:
    """Fill in what Debian's testing and unstable leave out: `trixie/sid` names the release, `12.5` its number."""
    written = _line(files.get("etc/debian_version", b""))
    if system.id != "debian" or system.version_id or not written:
        return system
    number, dot, _ = written.partition(".")
    version = number if dot and number.isdigit() else ""
    codename = system.codename or ("" if version else written.partition("/")[0])
    return OperatingSystem(id="debian", version_id=version, codename=codename, name=system.name, id_like=system.id_like)


def _pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, equals, value = line.strip().partition("=")
        if equals and _NAME.fullmatch(name):
            found[name] = _unquoted(value)[:_LONGEST]
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(r"\1", value[1:-1])
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    return value


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _line(data: bytes) -> str:
    return _text(data).strip().partition("\n")[0].strip()[:_LONGEST]
