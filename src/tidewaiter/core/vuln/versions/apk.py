"""Order of Alpine package versions (alpinelinux/apk-tools: src/version.c, doc/apk-package.5.scd)."""

import re
from typing import Any

_SUFFIXES = ("alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p")
_BEFORE = 4  # this many suffixes stand for something before the release itself
_SUFFIX = re.compile(rf"_({'|'.join(_SUFFIXES)})([0-9]*)")
_PARTS = re.compile(
    r"([0-9]*)((?:\.[0-9]*|[a-z][0-9]+)*[a-z]?)"
    rf"((?:_(?:{'|'.join(_SUFFIXES)})[0-9]*)*)(?:~[0-9a-f]+)?(?:-r([0-9]+))?(.*)",
    re.DOTALL,
)
_MORE = re.compile(r"\.([0-9]*)|([a-z])([0-9]*)")
_GRAMMAR = re.compile(
    rf"[0-9]+(?:\.[0-9]+|[a-z][0-9]+)*[a-z]?(?:_(?:{'|'.join(_SUFFIXES)})[0-9]*)*(?:~[0-9a-f]+)?(?:-r[0-9]+)?", re.ASCII
)
_LONGEST = 512  # no repository holds longer versions; a longer text is damage or an attack

# What may come next in a version, in rising order: a text that leaves the grammar is below the one that ends well.
_EARLIER, _BROKEN, _END, _REVISION, _COUNT, _LATER, _LETTER, _NUMBER = range(8)
_RANK = {name: (_EARLIER if place < _BEFORE else _LATER, place) for place, name in enumerate(_SUFFIXES)}


class Apk:
    """`number{.number}[letter]{_suffix[number]}[~hash][-rnumber]`; the hash does not count, a letter may have a number too (`9.5p1`)."""

    id = "apk"
    tags = frozenset({"Alpine", "Wolfi", "Chainguard"})

    def key(self, version: str) -> Any:
        """Return the first number and then (kind, value) of every part that follows."""
        found = _PARTS.fullmatch(version.strip())
        if found is None:  # unreachable: every part of the pattern may be empty
            return (0, _BROKEN)
        first, more, suffixes, revision, rest = found.groups()
        key: list[int | str] = [_number(first)]
        for number, letter, after in _MORE.findall(more):
            if letter:
                key += (_LETTER, letter)
            if after or not letter:
                key += _later(after or number)
        for name, number in _SUFFIX.findall(suffixes):
            key += _RANK[name]
            if number:
                key += (_COUNT, _number(number))
        if revision is not None:
            key += (_REVISION, _number(revision))
        key.append(_BROKEN if rest else _END)
        return tuple(key)

    def is_valid(self, version: str) -> bool:
        """Accept what apk accepts."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def _later(number: str) -> tuple[int, int, int | str]:
    """Return the parts of a later number; one that starts with 0 is a fraction: text, below all that do not."""
    return (_NUMBER, 1, _number(number)) if number and number[0] != "0" else (_NUMBER, 0, number)


def _number(digits: str) -> int:
    # Base 16 keeps the order of decimal digits and, unlike base 10, has no limit on their count.
    return int(digits or "0", 16)
