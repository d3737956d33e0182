"""Installed npm packages (npm: package.json): below `node_modules`, in Debian's folder for them, and applications."""

import re
from typing import Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

_ROOT: Final = re.compile(r"(?:.*/)?node_modules/(?:@[^/]+/)?[^/@.][^/]*/package\.json", re.DOTALL)
"""Deeper ones are stubs (`{"type": "module"}`) and test data, not installed packages."""
_APPLICATION: Final = re.compile(r"(?!(?:.*/)?(?:node_modules|usr/share|usr/lib)/).*package\.json", re.DOTALL)
"""May be the application whose packages lie beside it; the merged view tells (`second_sources`)."""
_DEBIAN: Final = re.compile(r"usr/share/nodejs/(?:@[^/]+/)?[^/@.][^/]*/package\.json", re.DOTALL)


class Npm:
    """Reads name and version of what npm, yarn and pnpm install; an alias counts under its real name."""

    id: Final = "npm"
    version: Final = 3
    tags: Final = frozenset({"image", "installed", "language", "npm"})
    globs: Final = ("**/package.json",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 8 << 20

    def wants(self, path: str) -> bool:
        """Accept the root of an installed package, and what may be an application's own description."""
        return any(pattern.fullmatch(path) is not None for pattern in (_ROOT, _DEBIAN, _APPLICATION))

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the package; a file without name and version is a stub and no package."""
        is_main = _APPLICATION.fullmatch(path) is not None
        try:
            root = decode(data)
        except JsonError as error:
            if is_main:
                return AnalyzerResult()  # test data and templates lie about everywhere, and none of them is installed
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice="reinstall the package"),))
        fields = mapping(root)
        name, version = text(fields.get("name")), text(fields.get("version"))
        if not name or not version:
            return AnalyzerResult()
        declared = fields.get("license")
        licence = text(declared) or text(mapping(declared).get("type"))
        package = Package(type="npm", name=name, version=version, licence=licence, is_main=is_main)
        return AnalyzerResult(packages=(package,))


ANALYZER: Final = Npm()
