"""Installed Python distributions (PyPA: core metadata; recording installed projects) and the older egg forms."""

from typing import Final

from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.python_headers import HeadersError, read_headers


class PythonMetadata:
    """Reads the metadata of wheels, of eggs unpacked to folders, and of legacy installs."""

    id: Final = "python-metadata"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "language", "pypi"})
    globs: Final = ("**/*.dist-info/METADATA", "**/*.egg-info/PKG-INFO", "**/*.egg-info", "**/EGG-INFO/PKG-INFO")
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 8 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the one distribution; the interpreter's own egg-info is no distribution."""
        try:
            package = read_headers(data)
        except HeadersError as error:
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice="reinstall the package"),))
        if package.name == "Python" and ".egg-info" in path:
            return AnalyzerResult()
        return AnalyzerResult(packages=(package,))


ANALYZER: Final = PythonMetadata()
