"""Installed Python distributions (PyPA: core metadata; recording installed projects) and the older egg forms."""

import re
from typing import Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged

_HEADER: Final = re.compile(
    rb"^(Name|Version|License|License-Expression|Maintainer|Author):[ \t]*([^\r\n]*?)[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
_END: Final = re.compile(rb"\r?\n[ \t]*\r?\n")
_NO_LICENCE: Final = frozenset({"", "unknown", "none"})


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
        """Return the one distribution; headers end at the first blank line, the description behind repeats them."""
        head, *description = _END.split(data.lstrip(), maxsplit=1)
        fields: dict[bytes, str] = {}
        for name, value in _HEADER.findall(head):
            fields.setdefault(name.lower(), value.decode("utf-8", "replace"))
        name, version = fields.get(b"name", ""), fields.get(b"version", "")
        if not name or not version:
            lacks = "Version" if name else "Name"
            return AnalyzerResult(
                unknowns=(damaged(path, f"the metadata has no {lacks}", advice="reinstall the package"),)
            )
        if not description and not data.endswith((b"\n", b"\r")):
            return AnalyzerResult(
                unknowns=(damaged(path, "the metadata ends in the middle of a line", advice="reinstall the package"),)
            )
        if name == "Python" and ".egg-info" in path:
            return AnalyzerResult()
        licence = fields.get(b"license-expression") or fields.get(b"license", "")
        package = Package(
            type="pypi",
            name=name,
            version=version,
            licence="" if licence.lower() in _NO_LICENCE else licence,
            maintainer=fields.get(b"maintainer") or fields.get(b"author", ""),
        )
        return AnalyzerResult(packages=(package,))


ANALYZER: Final = PythonMetadata()
