"""Packages of distroless Azure Linux and CBL-Mariner images, which keep a table in place of the rpm database.

The table comes from `rpm -qa` (microsoft/azurelinux: SPECS/distroless-packages-container): one package a line, ten
fields between tabs: name, version-release, time of installation, time of build, vendor, `(none)`, size, architecture,
epoch, source package.
"""

from typing import TYPE_CHECKING, Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.rpm import split_source

if TYPE_CHECKING:
    from tidewaiter.core.model.verdict import Unknown

_FIELDS: Final = 10
_NONE: Final = "(none)"
_KEY: Final = "gpg-pubkey"
_MOST_UNKNOWNS: Final = 50
_CUT: Final = "the layer that wrote it was cut off or edited by hand"


class RpmManifest:
    """Reads the table of installed packages that a distroless image holds."""

    id: Final = "rpm-manifest"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os", "rpm"})
    globs: Final = ("var/lib/rpmmanifest/container-manifest-2",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 32 << 20

    def wants(self, path: str) -> bool:
        """Accept every path of `globs`."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the packages; a line with fewer fields is told."""
        packages: list[Package] = []
        unknowns: list[Unknown] = []
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
            fields = [field.strip() for field in line.split("\t")]
            if fields == [""] or fields[0] == _KEY:
                continue
            if len(fields) < _FIELDS or not fields[0] or "-" not in fields[1]:
                unknowns.append(damaged(path, f"line {number} is no line of a package table", advice=_CUT))
            else:
                packages.append(_package([field if field != _NONE else "" for field in fields]))
        if data and not data.endswith(b"\n"):
            unknowns.append(damaged(path, "the file ends in the middle of a line", advice=_CUT))
        return AnalyzerResult(packages=tuple(packages), unknowns=tuple(unknowns[:_MOST_UNKNOWNS]))


def _package(fields: list[str]) -> Package:
    name, written, _, _, vendor, _, _, arch, epoch, source_rpm = fields[:_FIELDS]
    version = f"{epoch}:{written}" if epoch.isascii() and epoch.isdigit() and epoch.strip("0") else written
    source, source_version = split_source(source_rpm)
    return Package(
        type="rpm",
        name=name,
        version=version,
        arch=arch,
        source_name=source if source != name else "",
        source_version=source_version if source_version != version else "",
        maintainer=vendor,
    )


ANALYZER: Final = RpmManifest()
