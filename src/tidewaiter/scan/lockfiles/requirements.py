"""`requirements*.txt` as pip reads it (pypa/pip: docs/html/reference/requirements-file-format.md).

Only `==` and `===` pins are versions; everything else is told in one Unknown per file, because what would be installed
is not known from the file.
"""

import codecs
import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.lockfiles.reader import (
    MOST_PACKAGES,
    Beside,
    LockedPackages,
    NamedReader,
    bounded,
    damaged,
    nothing,
)

_NAME = re.compile(r"(?:.*[-_.])?requirements(?:[-_.].*)?\.txt|requirements.*\.txt", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s)#")
_OPTION = re.compile(r"\s(?:--?[A-Za-z][\w-]*)(?:[=\s]|$)")
_SCOPES: Final = (("test", "test"), ("dev", "dev"), ("lint", "dev"), ("doc", "dev"))
_PATH = re.compile(r"(?:\.{0,2}/|[A-Za-z]:\\|file:|git\+|hg\+|svn\+|bzr\+|https?:)")
_REFERENCE = ("-r", "--requirement", "-c", "--constraint")
_EDITABLE = ("-e", "--editable")
_USER = re.compile(r"://[^/@\s]*@")
_LONGEST = 20_000
_SHOWN = 5


class _Line(msgspec.Struct):
    """One logical line: continuations joined, comments cut, the comments that follow kept for `# via`."""

    number: int
    text: str
    via: list[str]


class _Requirements:
    """Reads pinned requirements."""

    id: Final = "requirements"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "pypi"})
    names: Final[frozenset[str]] = frozenset()
    neighbours: Final[frozenset[str]] = frozenset()
    patterns: Final[tuple[str, ...]] = ("*requirements*.txt", "requirements/*.txt")

    def wants(self, path: str) -> bool:
        """Tell whether the name is `requirements*.txt`, `*-requirements.txt` or the folder is `requirements`."""
        folder, _, name = path.rpartition("/")
        in_folder = folder.rpartition("/")[2] == "requirements" and name.endswith(".txt")
        return in_folder or _NAME.fullmatch(name) is not None

    def parse(self, data: bytes, path: str, beside: Beside = nothing) -> LockedPackages:
        """Return the pins with their lines."""
        del beside
        if len(data) > NamedReader.size:
            reason = f"it has {len(data)} bytes, more than the {NamedReader.size} that are read"
            return LockedPackages(unknowns=(damaged(path, reason),))
        packages: list[Package] = []
        unknowns: list[Unknown] = []
        open_names: list[tuple[int, str]] = []
        scope = _scope(path)
        for number, line in enumerate(_logical_lines(_text(data))):
            if number == MOST_PACKAGES:
                reason = f"it has more than {MOST_PACKAGES} requirements, the first are told"
                unknowns.insert(0, damaged(path, reason, line=line.number))
                break
            first = line.text.split(maxsplit=1)[0].split("=", 1)[0]
            if first in _EDITABLE:
                open_names.append((line.number, _without_password(line.text)))
            elif first in _REFERENCE:
                unknowns.extend(self._reference(line, path))
            elif not first.startswith("-"):
                found = _requirement(line, path, scope)
                if isinstance(found, Package):
                    packages.append(found)
                elif isinstance(found, Unknown):
                    unknowns.append(found)
                else:
                    open_names.append((line.number, found))
        if open_names:
            unknowns.append(_unpinned(path, open_names))
        return LockedPackages(packages=tuple(packages), unknowns=bounded(path, unknowns))

    def _reference(self, line: _Line, path: str) -> Iterator[Unknown]:
        """Tell of an included file that this family will not read under its own name."""
        parts = re.split(r"[=\s]+", line.text, maxsplit=1)
        target = parts[1].strip() if len(parts) > 1 else ""
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if place.startswith(("../", "/")) or "://" in target or not self.wants(place):
            reason = f"it includes `{_without_password(target)}`, which is not read"
            advice = "name included files requirements*.txt"
            # a constraint installs nothing of its own, so only what `-r` names is missing from the facts
            incomplete = parts[0] in _REFERENCE[:2]
            yield damaged(path, reason, line=line.number, advice=advice, incomplete=incomplete)


READER: Final = _Requirements()


def _without_password(text: str) -> str:
    """Return the text with the user and password of an address hidden: a report is read by many."""
    return _USER.sub("://***@", text)


def _text(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    return data.decode("utf-8", "replace")


def _logical_lines(text: str) -> Iterator[_Line]:
    current: _Line | None = None
    pieces: list[str] = []
    start = 0
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        stripped = raw.strip()
        if not pieces and stripped.startswith("#"):
            if current is not None:
                current.via.append(stripped.lstrip("#").strip())
            continue
        start = start if pieces else number
        if stripped.endswith("\\") and not stripped.startswith("#"):
            pieces.append(stripped[:-1])
            continue
        whole = " ".join((*pieces, stripped))
        mark = _COMMENT.search(whole)
        joined = whole[: mark.start()].strip() if mark is not None else whole.strip()
        comment = whole[mark.end() :].strip() if mark is not None else ""
        pieces = []
        if current is not None:
            yield current
        current = _Line(start, joined, [comment] if comment else []) if joined else None
    if pieces:
        if current is not None:
            yield current
        current = _Line(start, " ".join(pieces).strip(), [])
    if current is not None and current.text:
        yield current


def _requirement(line: _Line, path: str, scope: str) -> Package | Unknown | str:
    """Return the pin, the defect, or the text of a requirement without a version."""
    text = line.text[: _LONGEST + 1]
    if len(text) > _LONGEST:
        return damaged(path, f"the line is longer than {_LONGEST} characters", line=line.number)
    option = _OPTION.search(text)
    text = text[: option.start()].strip() if option is not None else text
    if _PATH.match(text) is not None or (text.endswith((".whl", ".tar.gz", ".zip")) and " " not in text):
        return _without_password(text)
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        reason = f"`{_without_password(text)[:80]}` is not a requirement: {str(error).splitlines()[0]}"
        return damaged(path, reason, line=line.number, advice="correct the line: pip refuses it as well")
    version = _pin(requirement)
    if version is None:
        return requirement.name
    return Package(
        type="pypi",
        name=requirement.name,
        version=version,
        location=Location(file=path, line=line.number),
        found="locked",
        scope=scope,  # type: ignore[arg-type]
        direct=_direct(line.via),
    )


def _pin(requirement: Requirement) -> str | None:
    for specifier in requirement.specifier:
        if specifier.operator == "===":
            return specifier.version
        if specifier.operator == "==" and not specifier.version.endswith(".*"):
            try:
                Version(specifier.version)
            except InvalidVersion:
                continue
            return specifier.version
    return None


def _direct(comments: Sequence[str]) -> bool | None:
    """Read the `# via` notes of pip-compile and uv: a requirement via a file was asked for by a person."""
    if not comments or not comments[0].startswith("via"):
        return None
    sources = [comment.removeprefix("via").strip() for comment in comments]
    named = [source for source in sources if source]
    if not named:
        return None
    return any(source.startswith(("-r", "-c", "(")) or source.endswith((".in", ".toml", ")")) for source in named)


def _scope(path: str) -> str:
    name = path.rpartition("/")[2].lower()
    return next((scope for word, scope in _SCOPES if word in name), "prod")


def _unpinned(path: str, found: Sequence[tuple[int, str]]) -> Unknown:
    names = ", ".join(f"`{text[:60]}`" for _, text in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    reason = f"{len(found)} requirement(s) name no exact version, so what is installed is not known: {names}{more}"
    advice = "pin with `==`, for example by `pip-compile` or `uv pip compile`"
    return damaged(path, reason, line=found[0][0], advice=advice, incomplete=False)
