"""Order of RubyGems versions (rubygems/rubygems: lib/rubygems/version.rb), which CocoaPods uses too."""

import re
from itertools import chain
from typing import Any

_SEGMENTS = re.compile(r"[0-9]+|[A-Za-z]+")
_GRAMMAR = re.compile(r"[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")
_LONGEST = 512  # no index holds longer versions; a longer text is damage or an attack

# What may come next in a version, in rising order. A missing segment is 0, so a 0 stands beside the end of the version,
# on the side of what follows it.
_WORD, _ZERO_BELOW, _END, _ZERO_ABOVE, _NUMBER = range(5)


class RubyGems:
    """Numbers and words; a word makes it a prerelease, `-` stands for `.pre.`."""

    id = "rubygems"
    tags = frozenset({"RubyGems", "CocoaPods"})

    def key(self, version: str) -> Any:
        """Return (kind, value) of every segment, without the zeros before the first word and at the end."""
        segments = _SEGMENTS.findall(version.replace("-", ".pre."))
        first_word = next((place for place, segment in enumerate(segments) if segment[0] > "9"), len(segments))
        parts: list[tuple[int | str, ...]] = []
        below = False  # whether what follows the current segment sorts below the end
        for segment in reversed(_trimmed(segments[:first_word]) + _trimmed(segments[first_word:])):
            part, below = _part(segment, below=below)
            parts.append(part)
        return (*chain.from_iterable(reversed(parts)), _END)

    def is_valid(self, version: str) -> bool:
        """Accept what RubyGems accepts, except the empty text."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def _trimmed(segments: list[str]) -> list[str]:
    end = len(segments)
    while end and not segments[end - 1].strip("0"):
        end -= 1
    return segments[:end]


def _part(segment: str, *, below: bool) -> tuple[tuple[int | str, ...], bool]:
    """Return the key of one segment, and whether it sorts below the end of a version."""
    if segment[0] > "9":
        return (_WORD, segment), True
    if segment.strip("0"):
        return (_NUMBER, _number(segment)), False
    return (_ZERO_BELOW if below else _ZERO_ABOVE,), below


def _number(digits: str) -> int:
    # Base 16 keeps the order of decimal digits and, unlike base 10, has no limit on their count.
    return int(digits, 16)
