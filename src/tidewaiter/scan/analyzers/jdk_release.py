"""Java runtimes (openjdk/jdk: make/ReleaseFile.gmk): the file `release` in the runtime's folder."""

import re
from typing import Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged

_LINE: Final = re.compile(
    rb"""^(JAVA_VERSION|JAVA_RUNTIME_VERSION|IMPLEMENTOR|GRAALVM_VERSION)="([^"\r\n]*)"\r?$""", re.MULTILINE
)
_MARK: Final = b"JAVA_VERSION="


class JdkRelease:
    """Reads vendor and version of a Java runtime that was unpacked rather than installed."""

    id: Final = "jdk-release"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "generic"})
    globs: Final = ("**/release",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 1 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the runtime; a file of this name that says nothing of Java is none."""
        if _MARK not in data:
            return AnalyzerResult()
        fields = {name.decode(): value.decode("utf-8", "replace") for name, value in _LINE.findall(data)}
        version = fields.get("JAVA_VERSION", "")
        if not version:
            return AnalyzerResult(
                unknowns=(damaged(path, "the release file states no JAVA_VERSION", advice="install the runtime again"),)
            )
        name = "graalvm" if "GRAALVM_VERSION" in fields else "openjdk"
        package = Package(type="generic", name=name, version=version, maintainer=fields.get("IMPLEMENTOR", ""))
        return AnalyzerResult(packages=(package,))


ANALYZER: Final = JdkRelease()
