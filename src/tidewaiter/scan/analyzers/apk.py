"""Packages that apk installed (apk-tools: doc/apk-package.5, src/database.c), with the files that they own."""

from typing import Final

import msgspec

from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.owned import evidence

_KEPT: Final = frozenset("PVAoLms")
"""Package, version, architecture, origin, licence, maintainer, tag of the repository; the case tells them apart."""
_MOST_UNKNOWNS: Final = 50
_CUT: Final = "the layer that wrote it was cut off or edited by hand"


class Apk:
    """Reads the database of Alpine, Wolfi and Chainguard images."""

    id: Final = "apk"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os", "apk"})
    globs: Final = ("lib/apk/db/installed", "usr/lib/apk/db/installed")
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 64 << 20

    def wants(self, path: str) -> bool:
        """Accept every path of `globs`."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the packages of all records; a record without name or version is told."""
        text = data.decode("utf-8", "surrogateescape")
        packages: list[Package] = []
        owned: list[tuple[str, str]] = []
        unknowns: list[Unknown] = []
        for stanza in text.split("\n\n"):
            lines = stanza.strip("\n\0 ").split("\n")
            if lines == [""]:
                continue
            fields, doubled = _fields(lines)
            title = _shown(fields.get("P") or lines[0][:40])
            if doubled:
                reason = f"the record of `{title}` names a package twice, so a blank line may be lost"
                unknowns.append(damaged(path, reason, advice=_CUT))
            if not fields.get("P") or not fields.get("V"):
                lacks = "version" if fields.get("P") else "name"
                unknowns.append(damaged(path, f"the record of `{title}` has no {lacks}", advice=_CUT))
                continue
            packages.append(_package(fields))
            owned.extend((file, fields["P"]) for file in evidence(_files(lines)))
        unknowns.extend(_end(text, path, packages))
        return AnalyzerResult(packages=tuple(packages), unknowns=tuple(unknowns[:_MOST_UNKNOWNS]), owned=tuple(owned))


def _end(text: str, path: str, packages: list[Package]) -> tuple[Unknown, ...]:
    """Say what the end of the file tells: each record is written with an empty line behind it."""
    if not text or text.endswith("\n\n"):
        return ()
    last = packages[-1].name if packages else "the first package"
    unknown = damaged(path, f"the file ends in the middle of a record, near {last}", advice=_CUT)
    return (msgspec.structs.replace(unknown, incomplete=not text.endswith("\n")),)


def _fields(lines: list[str]) -> tuple[dict[str, str], bool]:
    """Return the values of the kept letters, the first where one is repeated, and whether a name was."""
    found: dict[str, str] = {}
    doubled = False
    for line in lines:
        if line[1:2] == ":" and line[0] in _KEPT:
            doubled |= line[0] == "P" and "P" in found
            found.setdefault(line[0], line[2:].strip())
    return {letter: _shown(value) for letter, value in found.items()}, doubled


def _shown(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _files(lines: list[str]) -> list[str]:
    """Return the files: each `R` lies in the folder of the `F` before it."""
    found = []
    folder = ""
    for line in lines:
        if line.startswith("F:"):
            folder = line[2:].strip("/")
        elif line.startswith("R:"):
            found.append(f"{folder}/{line[2:]}" if folder else line[2:])
    return found


def _package(fields: dict[str, str]) -> Package:
    origin = fields.get("o", "")
    return Package(
        type="apk",
        name=fields["P"],
        version=fields["V"],
        arch=fields.get("A", ""),
        source_name=origin if origin != fields["P"] else "",
        maintainer=fields.get("m", ""),
        licence=fields.get("L", ""),
        repository=fields.get("s", ""),
    )


ANALYZER: Final = Apk()
