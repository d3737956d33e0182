"""From a header to a package: the tags that identify it, where it was built from, and the files it brought."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tidewaiter.core.model.package import Package
from tidewaiter.scan.owned import evidence
from tidewaiter.scan.rpm.header import Header

NAME: Final = 1000
VERSION: Final = 1001
RELEASE: Final = 1002
EPOCH: Final = 1003
VENDOR: Final = 1011
LICENCE: Final = 1014
ARCH: Final = 1022
SOURCE_RPM: Final = 1044
DIR_INDEXES: Final = 1116
BASE_NAMES: Final = 1117
DIR_NAMES: Final = 1118
OLD_FILE_NAMES: Final = 1027
MODULARITY_LABEL: Final = 5096

_KEY: Final = "gpg-pubkey"
"""The pseudo package under which rpm keeps the keys it trusts."""
_ABSENT: Final = "(none)"


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """One installed package."""

    package: Package
    owned: tuple[tuple[str, str], ...]
    """Paths that other readers ask about, without leading `/`, and the package's name."""


def read_package(header: Header) -> Installed | None:
    """Return the package of a header; None for a key; ValueError when name, version or release is missing."""
    name = header.text(NAME)
    if name == _KEY:
        return None
    lacks = [word for word, tag in (("name", NAME), ("version", VERSION), ("release", RELEASE)) if not header.text(tag)]
    if lacks:
        raise ValueError(f"a package `{name or '?'}` without {' and '.join(lacks)}")
    version = evr(header.integers(EPOCH), header.text(VERSION), header.text(RELEASE))
    source, source_version = split_source(header.text(SOURCE_RPM))
    package = Package(
        type="rpm",
        name=name,
        version=version,
        arch=header.text(ARCH),
        source_name=source if source != name else "",
        source_version=source_version if source_version != version else "",
        maintainer=header.text(VENDOR),
        licence=header.text(LICENCE),
        module=header.text(MODULARITY_LABEL),
    )
    return Installed(package=package, owned=tuple((path, name) for path in evidence(_files(header))))


def evr(epoch: tuple[int, ...], version: str, release: str) -> str:
    """Return `[epoch:]version-release`; an epoch of 0 is the same as none."""
    number = epoch[0] if epoch else 0
    return f"{number}:{version}-{release}" if number else f"{version}-{release}"


def split_source(file: str) -> tuple[str, str]:
    """Return name and version-release of a source package's file name, which never holds an epoch.

    The last `-` begins the release and the one before it the version; both empty for what is no such name.
    """
    stem = file.removesuffix(".rpm").removesuffix(".src").removesuffix(".nosrc")
    rest, _, release = stem.rpartition("-")
    name, _, version = rest.rpartition("-")
    if not name or not version or not release or file == _ABSENT:
        return "", ""
    return name, f"{version}-{release}"


def _files(header: Header) -> Iterator[str]:
    folders = header.texts(DIR_NAMES)
    for name, folder in zip(header.texts(BASE_NAMES), header.integers(DIR_INDEXES), strict=False):
        if folder < len(folders):
            yield f"{folders[folder]}{name}".lstrip("/")
    for path in header.texts(OLD_FILE_NAMES):
        yield path.lstrip("/")
