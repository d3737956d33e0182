"""Packages of the rpm database in all its forms (rpm: lib/rpmdb.c), with the files that they own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.rpm import HeaderError, read_blobs, read_header, read_package

if TYPE_CHECKING:
    from tidewaiter.core.model.package import Package
    from tidewaiter.core.model.verdict import Unknown

_FOLDERS: Final = ("var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm")
_NAMES: Final = ("rpmdb.sqlite", "Packages.db", "Packages")
_LOG: Final = "rpmdb.sqlite-wal"
_ADVICE: Final = "pull or build the image again; `rpm --rebuilddb` in it shows whether its own tools can read it"
_MOST_UNKNOWNS: Final = 50


class Rpm:
    """Reads the database that rpm, dnf, yum, zypper, tdnf and microdnf share."""

    id: Final = "rpm"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os", "rpm"})
    globs: Final = tuple(f"{folder}/{name}" for folder in _FOLDERS for name in _NAMES)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 512 << 20
    companions: Final = (_LOG,)

    def wants(self, path: str) -> bool:
        """Accept every path of `globs`."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the packages of a database that has nothing beside it."""
        return self.parse_beside(data, path, {})

    def parse_beside(self, data: bytes, path: str, beside: Mapping[str, bytes]) -> AnalyzerResult:
        """Return the packages, those included that only the write-ahead log of a sqlite database holds."""
        is_sqlite = path.endswith("/rpmdb.sqlite")
        blobs = read_blobs(data, beside.get(_LOG, b"") if is_sqlite else b"")
        unknowns: list[Unknown] = [damaged(path, clause, advice=_ADVICE) for clause in blobs.damage]
        packages: list[Package] = []
        owned: list[tuple[str, str]] = []
        for number, blob in blobs.headers:
            try:
                installed = read_package(read_header(blob))
            except (HeaderError, ValueError) as error:
                unknowns.append(damaged(path, f"package {number}: {error}", advice=_ADVICE))
                continue
            if installed is not None:
                packages.append(installed.package)
                owned.extend(installed.owned)
        return AnalyzerResult(
            packages=tuple(packages), unknowns=tuple(unknowns[:_MOST_UNKNOWNS]), owned=tuple(dict.fromkeys(owned))
        )


ANALYZER: Final = Rpm()
