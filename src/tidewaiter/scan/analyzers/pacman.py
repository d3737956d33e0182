"""Packages that pacman installed (pacman: lib/libalpm/be_local.c): a folder each, with `desc` and `files`."""

from typing import Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.owned import evidence

_CUT: Final = "the layer that wrote it was cut off or edited by hand"


class Pacman:
    """Reads the local database of Arch Linux and the systems built on it."""

    id: Final = "pacman"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os", "alpm"})
    globs: Final = ("var/lib/pacman/local/*/desc", "var/lib/pacman/local/*/files")
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 32 << 20

    def wants(self, path: str) -> bool:
        """Accept every path of `globs`."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the package of a `desc`, or the owned paths of a `files`."""
        sections = _sections(data.decode("utf-8", "surrogateescape"))
        folder, _, kind = path.rpartition("/")
        if kind == "files":
            # `name-version-release`: neither version nor release holds a `-`.
            name = folder.rpartition("/")[2].rsplit("-", 2)[0]
            return AnalyzerResult(owned=tuple((file, name) for file in evidence(sections.get("FILES", []))))
        fields = {title: _shown(lines[0]) for title, lines in sections.items() if lines}
        lacks = [word.lower() for word in ("NAME", "VERSION") if not fields.get(word)]
        if lacks:
            return AnalyzerResult(unknowns=(damaged(path, f"it has no {' and no '.join(lacks)}", advice=_CUT),))
        cut = () if data.endswith(b"\n") else (damaged(path, "it ends in the middle of a line", advice=_CUT),)
        return AnalyzerResult(packages=(_package(fields, sections),), unknowns=cut)


def _sections(text: str) -> dict[str, list[str]]:
    """Return the lines below each `%TITLE%`; an empty line ends a section."""
    found: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in text.split("\n"):
        written = line.rstrip("\r")
        if len(written) > 2 and written[0] == written[-1] == "%":
            lines = found.setdefault(written[1:-1], [])
        elif not written:
            lines = None
        elif lines is not None:
            lines.append(written)
    return found


def _shown(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()


def _package(fields: dict[str, str], sections: dict[str, list[str]]) -> Package:
    base = fields.get("BASE", "")
    return Package(
        type="alpm",
        name=fields["NAME"],
        version=fields["VERSION"],
        arch=fields.get("ARCH", ""),
        source_name=base if base != fields["NAME"] else "",
        maintainer=fields.get("PACKAGER", ""),
        licence=" AND ".join(_shown(line) for line in sections.get("LICENSE", [])),
    )


ANALYZER: Final = Pacman()
