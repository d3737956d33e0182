"""Physical lines become logical ones: continuations joined, comments dropped, heredocs collected."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from tidewaiter.scan.dockerfile.words import split_words, unquoted

_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*")
_KNOWN_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_HEREDOC = re.compile(r"[0-9]*<<(-?)([^<]+)")
_WITH_HEREDOCS = ("run", "copy", "add", "onbuild")


class LogicalLine(msgspec.Struct, frozen=True, kw_only=True):
    """One instruction before it is taken apart; line numbers count from 1."""

    text: str
    line: int
    end_line: int
    heredocs: tuple[str, ...] = ()
    unterminated: str = ""
    """Name of a heredoc that never ends; its body is then read as instructions, as the lines stand."""


def read_escape(lines: Sequence[str]) -> str:
    """Return the escape character that the parser directives at the top choose."""
    escape = "\\"
    for line in lines:
        match = _DIRECTIVE.fullmatch(line.strip())
        if match is None or match.group(1).lower() not in _KNOWN_DIRECTIVES:
            break
        if match.group(1).lower() == "escape" and match.group(2) in {"\\", "`"}:
            escape = match.group(2)
    return escape


def logical_lines(lines: Sequence[str], escape: str) -> Iterator[LogicalLine]:
    """Yield the instructions of a Dockerfile given as lines without their endings."""
    ends = _Ends(lines)
    number = 0
    while number < len(lines):
        stripped = lines[number].strip()
        if not stripped or stripped.startswith("#"):
            number += 1
            continue
        first = number
        text, last = _joined(lines, number, escape)
        number = last + 1
        if not text:
            continue
        heredocs: list[str] = []
        unterminated = ""
        for tabs, name in _heredoc_names(text, escape):
            end = ends.find(number, name, tabs=tabs)
            if end is None:
                unterminated = name
                break
            body = lines[number:end]
            heredocs.append("".join(f"{line.lstrip(chr(9)) if tabs else line}\n" for line in body))
            number, last = end + 1, end
        yield LogicalLine(
            text=text, line=first + 1, end_line=last + 1, heredocs=tuple(heredocs), unterminated=unterminated
        )


def _joined(lines: Sequence[str], number: int, escape: str) -> tuple[str, int]:
    """Return the text of the instruction that starts at `number`, and its last line."""
    pieces: list[str] = []
    last = number
    while number < len(lines):
        line = lines[number]
        if pieces and (not line.strip() or line.lstrip().startswith("#")):
            number += 1
            continue
        last = number
        body = line.rstrip(" \t")
        continues = body.endswith(escape) and not body.endswith(escape * 2)
        _append(pieces, body[:-1] if continues else line)
        number += 1
        if not continues:
            break
    return "".join(pieces).strip(), last


def _append(pieces: list[str], text: str) -> None:
    """Add a piece; the blanks around a line break count as one blank, and none stays none."""
    if pieces:
        blank = text[:1] in {" ", "\t"} or pieces[-1][-1:] in {" ", "\t"}
        pieces[-1] = pieces[-1].rstrip(" \t")
        pieces.append((" " if blank else "") + text.lstrip(" \t"))
    else:
        pieces.append(text.lstrip(" \t"))


def _heredoc_names(text: str, escape: str) -> Iterator[tuple[bool, str]]:
    if "<<" not in text or not text.lower().startswith(_WITH_HEREDOCS):
        return
    for word in split_words(text, escape):
        match = _HEREDOC.fullmatch(word)
        if match is not None:
            name = unquoted(match.group(2), escape)
            if name:
                yield bool(match.group(1)), name


class _Ends:
    """Finds the line that ends a heredoc; an end that does not come is known without looking for it."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._last: dict[bool, dict[str, int]] = {}

    def find(self, number: int, name: str, *, tabs: bool) -> int | None:
        """Return the first line from `number` on that is `name` alone; with `tabs`, leading tabs do not count."""
        if tabs not in self._last:
            self._last[tabs] = {self._line(place, tabs=tabs): place for place in range(len(self._lines))}
        if self._last[tabs].get(name, -1) < number:
            return None
        return next(place for place in range(number, len(self._lines)) if self._line(place, tabs=tabs) == name)

    def _line(self, place: int, *, tabs: bool) -> str:
        return self._lines[place].lstrip("\t") if tabs else self._lines[place]
