"""From which repository yum installed each package: one small file per package (rpm-software-management/yum: rpmsack)."""

import re
from typing import Final

from tidewaiter.scan.analyzer import AnalyzerResult, damaged

_FOLDER: Final = re.compile(r".*/[0-9a-f]+-(?P<name>[^/]+)-(?P<version>[^-/]+-[^-/]+)-[^-/]+/from_repo", re.DOTALL)
"""Checksum, name, version, release and architecture, joined by `-`."""
_NOWHERE: Final = frozenset({"", "installed", "@System"})
_LONGEST: Final = 256


class Yumdb:
    """Reads what yum of CentOS 7 and Amazon Linux 2 remembers beside the rpm database."""

    id: Final = "yumdb"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os", "rpm"})
    globs: Final = ("var/lib/yum/yumdb/*/*/from_repo",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 4096

    def wants(self, path: str) -> bool:
        """Accept every path of `globs`."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the repository of the package that the folder names."""
        match = _FOLDER.fullmatch(path)
        try:
            repository = data.decode().strip()
        except UnicodeDecodeError:
            repository = "\0"
        if match is None or not repository.isprintable() or len(repository) > _LONGEST:
            return AnalyzerResult(unknowns=(damaged(path, "it does not name a package and its repository"),))
        if repository in _NOWHERE:
            return AnalyzerResult()
        return AnalyzerResult(origins=((match["name"], match["version"], repository),))


ANALYZER: Final = Yumdb()
