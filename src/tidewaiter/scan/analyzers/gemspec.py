"""Installed Ruby gems (rubygems/rubygems: Gem::Specification#to_ruby): the literals in `specifications/**/*.gemspec`."""

import re
from typing import TYPE_CHECKING, Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged

if TYPE_CHECKING:
    from tidewaiter.core.model.verdict import Unknown

_TEXT: Final = r"""(?:"([^"\n]*)"|'([^'\n]*)'|%q<([^>\n]*)>)"""
_NAME: Final = re.compile(rf"^[ \t]*\w+\.name[ \t]*=[ \t]*{_TEXT}", re.MULTILINE)
_VERSION: Final = re.compile(
    rf"^[ \t]*\w+\.version[ \t]*=[ \t]*(?:Gem::Version\.new[ \t]*\(?[ \t]*)?{_TEXT}", re.MULTILINE
)
_LICENCES: Final = re.compile(r"^[ \t]*\w+\.licen[sc]es?[ \t]*=[ \t]*(.*)$", re.MULTILINE)
_WORDS: Final = re.compile(_TEXT)
_FILE: Final = re.compile(r"(.+?)-(\d[0-9A-Za-z.]*)(?:-[\w.-]+)?\.gemspec")


class Gemspec:
    """Reads name and version by their form; the specification is a program and is never run."""

    id: Final = "gemspec"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "language", "gem"})
    globs: Final = ("**/specifications/**/*.gemspec",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 8 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches; a specification elsewhere is source code, not an installed gem."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the gem; what is computed in the specification is taken from the file's name."""
        content = data.decode("utf-8", "replace")
        file = _FILE.fullmatch(path.rpartition("/")[2])
        name = _literal(_NAME, content) or (file[1] if file else "")
        version = _literal(_VERSION, content) or (file[2] if file else "")
        if not name or not version:
            lacks = "version" if name else "name"
            return AnalyzerResult(
                unknowns=(damaged(path, f"the specification states no {lacks}", advice="install the gem again"),)
            )
        unknowns: tuple[Unknown, ...] = ()
        if not content.rstrip("\0 \t\r\n").endswith("end"):
            unknowns = (damaged(path, "the specification ends in the middle", advice="install the gem again"),)
        licences = _LICENCES.search(content)
        words = ["".join(found) for found in _WORDS.findall(licences[1])] if licences else []
        package = Package(type="gem", name=name, version=version, licence=" OR ".join(words))
        return AnalyzerResult(packages=(package,), unknowns=unknowns)


def _literal(pattern: re.Pattern[str], content: str) -> str:
    found = pattern.search(content)
    return "".join(part or "" for part in found.groups()).strip() if found else ""


ANALYZER: Final = Gemspec()
