"""Which layer brought a package: the one in which it first appears at its place and from which on it stays."""

from collections.abc import Mapping

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult

Key = tuple[str, str, str, str]
"""purl type, name, version, architecture: with the path, the identity of an installation."""


def key(package: Package) -> Key:
    """Return what makes two packages of one file the same."""
    return package.type, package.name, package.version, package.arch


class Attribution:
    """The first layer of every package of every metadata file, kept up to date layer by layer.

    An OS database is one file that each installing layer writes anew, so every version of it is read, and a package
    keeps its layer as long as the next version still has it; an upgrade belongs to the upgrading layer.
    """

    def __init__(self) -> None:
        """Start with an empty image."""
        self._since: dict[str, dict[Key, int]] = {}

    def apply(self, layer: int, removed: set[str], written: Mapping[str, Mapping[str, AnalyzerResult]]) -> None:
        """Take in one layer: metadata files that it removes, and those that it writes (which may be the same)."""
        fresh: dict[str, dict[Key, int]] = {}
        for path, results in written.items():
            before = self._since.get(path, {})
            keys = (key(package) for result in results.values() for package in result.packages)
            fresh[path] = {one: before.get(one, layer) for one in keys}
        for path in removed:
            self._since.pop(path, None)
        self._since.update(fresh)

    def layer(self, path: str, package: Package) -> int | None:
        """Return the layer of a package in the merged top view."""
        return self._since.get(path, {}).get(key(package))
