"""Maven's version order as its POM reference tells it, for machines without the ComparableVersion of Maven itself."""

import re
from itertools import zip_longest
from typing import Final

from oracle.order import cmp

Token = tuple[str, str]
_WORDS: Final = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_SAME: Final = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT: Final = {"a": "alpha", "b": "beta", "m": "milestone"}


def _tokens(text: str) -> list[Token]:
    """Return (separator, token) in the order of the text, null tokens trimmed."""
    found: list[Token] = []
    text = text.strip().lower()
    place, separator = 0, "."
    while place <= len(text):
        run = re.compile(r"[0-9]+|[^0-9.-]+|").match(text, place)
        word = run.group() if run else ""
        place += len(word)
        border = place < len(text) and text[place] not in ".-"
        if word in _SHORT and border:
            word = _SHORT[word]
        found.append((separator, str(int(word)) if word.isdigit() else _SAME.get(word, word) if word else "0"))
        if place >= len(text):
            break
        separator = "-" if border else text[place]
        place += 0 if border else 1
    return _trim(found)


def _trim(tokens: list[Token]) -> list[Token]:
    """Drop zeros and empty words from the end and before each hyphen."""
    kept: list[Token] = []
    for token in [*tokens, ("-", "end")]:
        if token[0] == "-":
            while kept and kept[-1][1] in ("0", ""):
                kept.pop()
        kept.append(token)
    return kept[:-1]


def _rank(token: str) -> tuple[int, str]:
    return (_WORDS.index(token), "") if token in _WORDS else (len(_WORDS), token)


def _class(token: Token) -> int:
    if token[1].isdigit():
        return 2 if token[0] == "-" else 3
    return 1 if token[0] == "-" else 0


def _pair(one: Token | None, other: Token | None) -> int:
    if one is None and other is not None:
        return -_pair(other, None)
    if one is None:
        return 0
    if other is None:
        if one[1].isdigit():
            return cmp(int(one[1]), 0)
        return cmp(_rank(one[1]), _rank(""))
    if one[1].isdigit() and other[1].isdigit() and one[0] == other[0]:
        return cmp(int(one[1]), int(other[1]))
    if _class(one) != _class(other):
        return cmp(_class(one), _class(other))
    return cmp(_rank(one[1]), _rank(other[1]))


def maven(a: str, b: str) -> int:
    """Compare two versions of Maven artifacts."""
    for pair in zip_longest(_tokens(a), _tokens(b)):
        if result := _pair(*pair):
            return result
    return 0
