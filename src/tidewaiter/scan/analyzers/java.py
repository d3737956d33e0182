"""Java archives (JAR File Specification; Maven: pom.properties) with what is shaded into them and nested in them."""

from typing import Final

from tidewaiter.scan.analyzer import AnalyzerResult
from tidewaiter.scan.java import read_archive
from tidewaiter.scan.java.names import EXTENSIONS, is_archive


class Java:
    """Reads the metadata of archives in memory; class bodies are looked at for a few famous libraries only."""

    id: Final = "java"
    version: Final = 2
    tags: Final = frozenset({"image", "installed", "language", "maven"})
    globs: Final = tuple(f"**/*.{extension}" for extension in (*EXTENSIONS, "zip"))
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 512 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the modules in the archive."""
        return self.parse_view(memoryview(data), path)

    def parse_view(self, data: memoryview, path: str) -> AnalyzerResult:
        """Return the modules in the archive, without a copy of it."""
        return read_archive(data, path) if is_archive(path, bytes(data[:2])) else AnalyzerResult()


ANALYZER: Final = Java()
