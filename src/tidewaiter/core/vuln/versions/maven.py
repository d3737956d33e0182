"""Order of Maven versions (maven.apache.org: POM reference, version order specification)."""

import re
from itertools import chain
from typing import Any

_TOKENS = re.compile(r"([.-]?)([0-9]+|[^0-9.-]+|)")
_GRAMMAR = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+~-]*")
_LONGEST = 512  # no repository holds longer versions; a longer text is damage or an attack
_WORDS = {"alpha": 0, "beta": 1, "milestone": 2, "rc": 3, "snapshot": 4, "": 5, "sp": 6}
_SAME = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
_OTHER = 7
_RELEASE = _WORDS[""]

# What may come next in a version, in rising order. Empty words and zeros weigh nothing by themselves: they stand beside
# the end of the version, on the side of what follows them.
_EARLIER, _EMPTY_BELOW, _ZERO_BELOW, _END, _EMPTY_ABOVE, _LATER, _DASH_NUMBER, _ZERO_ABOVE, _DOT_NUMBER = range(9)

_Token = tuple[str, int | str]


class Maven:
    """Numbers and words, separated by `.`, `-` and every border between digits and letters.

    Maven's own comparison is no order for some mixtures (`2.9.0 < 2.9.0-1 < 2.9.0.RC1 < 2.9.0`); here each place of a
    version has one order for all that may stand there, which agrees with Maven wherever Maven is consistent. It is the
    order of the specification; from 3.8 on Maven drops zeros before `.word` too, which only matters where one release
    has prereleases in both spellings (`1.0.0.Alpha1` and `1.0.0-RC1`).
    """

    id = "maven"
    tags = frozenset({"Maven"})

    def key(self, version: str) -> Any:
        """Return (kind, values) of every token that is left after empty ones are trimmed."""
        tokens = _trimmed(_tokens(version.strip().lower()))
        parts: list[tuple[int | str, ...]] = []
        below = False  # whether what follows the current token sorts below the end
        for token in reversed(tokens):
            part, below = _part(token, below=below)
            parts.append(part)
        return (*chain.from_iterable(reversed(parts)), _END)

    def is_valid(self, version: str) -> bool:
        """Accept every text that can name a file in a repository and starts with a letter or digit."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    before = ""
    for separator, value in _TOKENS.findall(text):
        if not separator and not value:
            break
        is_number = value[:1].isascii() and value[:1].isdigit()
        sign = separator or ("-" if tokens else ".")
        if before in _SHORT and is_number and not separator:
            tokens[-1] = (tokens[-1][0], _SHORT[before])
        before = "" if is_number else value
        tokens.append((sign, _number(value) if is_number or not value else _SAME.get(value, value)))
    return tokens


def _trimmed(tokens: list[_Token]) -> list[_Token]:
    """Drop tokens without weight from the end and before each hyphen."""
    kept: list[_Token] = []
    for token in tokens:
        if token[0] == "-":
            while kept and not kept[-1][1]:
                kept.pop()
        kept.append(token)
    while kept and not kept[-1][1]:
        kept.pop()
    return kept


def _part(token: _Token, *, below: bool) -> tuple[tuple[int | str, ...], bool]:
    """Return the key of one token, and whether it sorts below the end of a version."""
    sign, value = token
    dash = sign == "-"
    if isinstance(value, int):
        if dash:
            return (_DASH_NUMBER, value), False
        if value:
            return (_DOT_NUMBER, value), False
        return (_ZERO_BELOW if below else _ZERO_ABOVE,), below
    rank = _WORDS.get(value, _OTHER)
    if rank == _RELEASE:
        return (_EMPTY_BELOW if below else _EMPTY_ABOVE,), below
    kind = _EARLIER if rank < _RELEASE else _LATER
    return (kind, int(dash), rank, value), kind == _EARLIER


def _number(digits: str) -> int:
    # Base 16 keeps the order of decimal digits and, unlike base 10, has no limit on their count.
    return int(digits or "0", 16)
