"""Packages of Bottlerocket, which has no package manager but an inventory (bottlerocket-os/twoliter: rpm2img)."""

from typing import TYPE_CHECKING, Any, Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

if TYPE_CHECKING:
    from tidewaiter.core.model.verdict import Unknown

_MOST_UNKNOWNS: Final = 50
_ADVICE: Final = "read the image again from its source"


class Bottlerocket:
    """Reads the application inventory of a Bottlerocket root filesystem."""

    id: Final = "bottlerocket"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os", "rpm"})
    globs: Final = ("**/usr/share/bottlerocket/application-inventory.json",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 8 << 20

    def wants(self, path: str) -> bool:
        """Accept every path of `globs`."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the packages; an entry without name or version is told."""
        try:
            content = mapping(decode(data)).get("Content")
        except JsonError as error:
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice=_ADVICE),))
        if not isinstance(content, list):
            return AnalyzerResult(unknowns=(damaged(path, "it has no list `Content`", advice=_ADVICE),))
        packages: list[Package] = []
        unknowns: list[Unknown] = []
        for number, entry in enumerate(content):
            fields = mapping(entry)
            if text(fields.get("Name")) and text(fields.get("Version")):
                packages.append(_package(fields))
            else:
                unknowns.append(damaged(path, f"entry {number} of `Content` has no name or version", advice=_ADVICE))
        return AnalyzerResult(packages=tuple(packages), unknowns=tuple(unknowns[:_MOST_UNKNOWNS]))


def _package(fields: dict[str, Any]) -> Package:
    version, release, epoch = (text(fields.get(key)) for key in ("Version", "Release", "Epoch"))
    full = f"{version}-{release}" if release else version
    return Package(
        type="rpm",
        name=text(fields.get("Name")),
        version=f"{epoch}:{full}" if epoch.isascii() and epoch.isdigit() and epoch.strip("0") else full,
        arch=text(fields.get("Architecture")),
        maintainer=text(fields.get("Publisher")),
    )


ANALYZER: Final = Bottlerocket()
