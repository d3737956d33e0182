"""Packages in conda environments (conda/conda: conda_prefix records): `conda-meta/<name>-<version>-<build>.json`."""

from typing import Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.json_text import JsonError, decode, mapping, text


class CondaMeta:
    """Reads what conda, mamba and pixi installed; Python's own metadata of the same packages is read besides."""

    id: Final = "conda-meta"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "language", "conda"})
    globs: Final = ("**/conda-meta/*.json",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 16 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the one package of a record."""
        try:
            fields = mapping(decode(data, size=self.max_bytes))
        except JsonError as error:
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice="install the package again"),))
        name, version = text(fields.get("name")), text(fields.get("version"))
        if not name or not version:
            lacks = "version" if name else "name"
            return AnalyzerResult(
                unknowns=(damaged(path, f"the record has no {lacks}", advice="install the package again"),)
            )
        package = Package(
            type="conda",
            name=name,
            version=version,
            licence=text(fields.get("license")),
            repository=text(fields.get("channel")),
        )
        return AnalyzerResult(packages=(package,))


ANALYZER: Final = CondaMeta()
