"""Order of Arch Linux package versions (vercmp(8); pacman/pacman: lib/libalpm/version.c)."""

import re
from typing import Any

_SEGMENTS = re.compile(r"([^0-9A-Za-z]*)([0-9]+|[A-Za-z]+|\Z)")
_GRAMMAR = re.compile(r"(?:[0-9]+:)?[0-9A-Za-z]+(?:[._+~][0-9A-Za-z]+)*\+?(?:-[0-9]+(?:\.[0-9]+)*)?")
_LONGEST = 512  # no repository holds longer versions; a longer text is damage or an attack

# What may come next after a separator of one length, in rising order.
_WORD, _END, _NUMBER = range(3)


class Alpm:
    """`[epoch:]version[-release]`; a version without release sorts below the same version with one.

    pacman takes a missing release for equal to any, and separators of different length before an end for equal; both
    would break transitivity, and neither occurs in a repository.
    """

    id = "alpm"
    tags = frozenset({"Arch Linux"})

    def key(self, version: str) -> Any:
        """Return (epoch, version segments, release segments); the release follows the last `-`."""
        text = version.strip()
        epoch, colon, rest = text.partition(":")
        if not colon or not (epoch.isascii() and epoch.isdigit()):
            epoch, rest = "0", text
        number, dash, release = rest.rpartition("-")
        return (_number(epoch), _part(number), _part(release)) if dash else (_number(epoch), _part(rest), ())

    def is_valid(self, version: str) -> bool:
        """Accept an epoch, a version without `-`, and a release of numbers."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def _part(text: str) -> tuple[int | str, ...]:
    """Return (length of the separator, kind, value) of every segment; letters follow at once, digits need none."""
    key: list[int | str] = []
    for separator, segment in _SEGMENTS.findall(text):
        if not segment:
            key += (len(separator), _END)
            break
        if segment[0] <= "9":
            key += (len(separator), _NUMBER, _number(segment))
        else:
            key += (len(separator), _WORD, segment)
    return tuple(key)


def _number(digits: str) -> int:
    # Base 16 keeps the order of decimal digits and, unlike base 10, has no limit on their count.
    return int(digits, 16)
