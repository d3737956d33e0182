"""`go.mod` (go.dev/ref/mod): requirements after `replace`, and the standard library of the toolchain it asks for.

`go.sum` is not read: it lists versions that lost the selection.
"""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

import msgspec

from tidewaiter.core.model.package import Package
from tidewaiter.scan.lockfiles.reader import Beside, Found, NamedReader, damaged, locked, odd
from tidewaiter.scan.lockfiles.source import text_of

_WORD: Final = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|[^\s"`]+')
_VERSION: Final = re.compile(r"v\d+\.\d+\.\d+\S*")
_RELEASE: Final = re.compile(r"(?:go)?(\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?)(?:[-+ ].*)?")
_COMPLETE: Final = (1, 17)
"""From this `go` line on, go.mod lists every module that the build needs."""


class _Line(msgspec.Struct):
    number: int
    verb: str
    words: list[str]
    comment: str


class _GoMod(NamedReader):
    """Reads Go's module file."""

    id: Final = "go-mod"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "golang"})
    names: ClassVar[frozenset[str]] = frozenset({"go.mod"})
    advice: ClassVar[str] = "correct the file: `go mod tidy` refuses it as well"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the modules in the order of their `require` lines, then the standard library."""
        del beside
        lines = list(_lines(text_of(data)))
        replaced = {_left(line): line for line in lines if line.verb == "replace" and "=>" in line.words}
        excluded = {tuple(line.words[:2]): line.number for line in lines if line.verb == "exclude"}
        seen: set[str] = set()
        for line in lines:
            if line.verb != "require":
                continue
            if len(line.words) < 2 or not _VERSION.fullmatch(line.words[1]):
                yield odd(path, f"`{' '.join(line.words)[:80]}` names no module and version", line.number)
                continue
            name, version = line.words[:2]
            if (name, version) in excluded:
                reason = (
                    f"`{name}` {version} is excluded on line {excluded[name, version]}, so another version is built"
                )
                yield damaged(path, reason, line=line.number, advice="run `go mod tidy`")
            elif name not in seen:
                seen.add(name)
                yield from _module(line, replaced.get((name, version)) or replaced.get((name, "")), path)
        yield from _standard_library(lines, path)


READER: Final = _GoMod()


def _lines(text: str) -> Iterator[_Line]:
    """Yield the directives, those of a block each with the block's verb."""
    block = ""
    for number, raw in enumerate(text.split("\n"), 1):
        code, _, comment = raw.partition("//") if '"' not in raw and "`" not in raw else _commented(raw)
        words = [_unquoted(word) for word in _WORD.findall(code)]
        if not words:
            continue
        if block:
            if words == [")"]:
                block = ""
            else:
                yield _Line(number, block, words, comment.strip())
        elif words[-1] in {"(", "()"} or words[-1].endswith("("):
            block = words[0].rstrip("()") if words[-1] != "()" else ""
        else:
            yield _Line(number, words[0], words[1:], comment.strip())


def _commented(raw: str) -> tuple[str, str, str]:
    """Split a line with quoted words at the first `//` outside of them."""
    at = 0
    for match in _WORD.finditer(raw):
        if match[0].startswith("//"):
            return raw[: match.start()], "//", raw[match.start() + 2 :]
        at = match.end()
    return raw[:at], "", ""


def _unquoted(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] in '"`' and word[-1] == word[0] else word


def _left(line: _Line) -> tuple[str, str]:
    at = line.words.index("=>")
    return line.words[0] if at else "", line.words[1] if at > 1 else ""


def _module(line: _Line, replacement: _Line | None, path: str) -> Iterator[Found]:
    name, version = line.words[:2]
    number = line.number
    if replacement is not None:
        target = replacement.words[replacement.words.index("=>") + 1 :]
        number = replacement.number
        if len(target) < 2 or not _VERSION.fullmatch(target[1]):
            if not target or not target[0].startswith(("./", "../", "/")):
                yield odd(path, f"the replacement of `{name}` names no module and version", number)
            return  # a folder of this machine is no published module
        name, version = target[:2]
    yield _package(name, version, (path, number), direct=not line.comment.startswith("indirect"))


def _package(name: str, version: str, place: tuple[str, int], *, direct: bool) -> Package:
    return locked("golang", name, version, place, scope="prod", direct=direct)


def _standard_library(lines: list[_Line], path: str) -> Iterator[Found]:
    """Yield `stdlib` at the version of the `toolchain` line, else at that of a `go` line that names a release."""
    said = {line.verb: line for line in lines if line.verb in {"go", "toolchain"} and line.words}
    line = said.get("toolchain")
    if line is None or line.words[0] == "default":
        line = said.get("go")
    go = _RELEASE.fullmatch(said["go"].words[0]) if "go" in said else None
    release = _RELEASE.fullmatch(line.words[0]) if line is not None else None
    if line is not None and release is not None and release[1].count(".") == 2:
        yield _package("stdlib", release[1], (path, line.number), direct=True)
    numbers = tuple(int(part) for part in re.findall(r"\d{1,4}", go[1])[:2]) if go is not None else (0, 0)
    if numbers < _COMPLETE and any(line.verb == "require" for line in lines):
        reason = "its `go` line is below 1.17 or absent, so it does not list all modules that others need"
        place = said["go"].number if "go" in said else 1
        yield damaged(path, reason, line=place, advice="raise it by `go mod tidy -go=1.17`", incomplete=False)
