"""What a .NET application runs with (dotnet/sdk: runtime-configuration-file): `<application>.deps.json`."""

from typing import Any, Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

_SUFFIX: Final = ".deps.json"
_PACK: Final = "runtimepack."
"""Goes before the package's name in self-contained applications."""
_ASSETS: Final = ("runtime", "native", "runtimeTargets", "resources")
_PLACEHOLDER: Final = "_._"


class DotnetDeps:
    """Reads the NuGet packages that bring files to an application; what only compiled it is left out."""

    id: Final = "dotnet-deps"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "language", "nuget"})
    globs: Final = (f"**/*{_SUFFIX}",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 8 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the packages and the application itself."""
        try:
            root = mapping(decode(data))
        except JsonError as error:
            return _damaged(path, str(error))
        if "libraries" not in root or "targets" not in root:
            return _damaged(path, "the JSON has no libraries or no targets")
        libraries, targets = mapping(root["libraries"]), mapping(root["targets"])
        name = text(mapping(root.get("runtimeTarget")).get("name"))
        target = mapping(targets.get(name)) or _merged(targets)
        title = path.rpartition("/")[2].removesuffix(_SUFFIX)
        found = (_package(key, mapping(one), mapping(target.get(key)), title) for key, one in libraries.items())
        return AnalyzerResult(packages=tuple(package for package in found if package is not None))


def _merged(targets: dict[str, Any]) -> dict[str, Any]:
    return {key: one for target in targets.values() for key, one in mapping(target).items()}


def _package(key: str, library: dict[str, Any], target: dict[str, Any], title: str) -> Package | None:
    name, _, version = key.rpartition("/")
    kind = text(library.get("type"))
    if not name or not version:
        return None
    if kind == "project":
        is_main = name.lower() == title.lower()
        return (
            Package(type="nuget", name=name, version=version, is_main=True, requires=_requires(target))
            if is_main
            else None
        )
    if kind not in {"package", "runtimepack"} or not _has_files(target):
        return None
    return Package(type="nuget", name=name.removeprefix(_PACK), version=version, requires=_requires(target))


def _has_files(target: dict[str, Any]) -> bool:
    return any(not asset.endswith(_PLACEHOLDER) for kind in _ASSETS for asset in mapping(target.get(kind)))


def _requires(target: dict[str, Any]) -> tuple[str, ...]:
    pairs = mapping(target.get("dependencies")).items()
    return tuple(
        sorted(
            Package(type="nuget", name=name.removeprefix(_PACK), version=text(version)).purl
            for name, version in pairs
            if name
        )
    )


def _damaged(path: str, reason: str) -> AnalyzerResult:
    return AnalyzerResult(unknowns=(damaged(path, reason, advice="publish the application again"),))


ANALYZER: Final = DotnetDeps()
