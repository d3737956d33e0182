"""Order of NuGet versions (learn.microsoft.com: NuGet package versioning; NuGet/NuGet.Client: NuGetVersion)."""

import re
from typing import Any

_PARTS = re.compile(r"([0-9]+(?:\.[0-9]+)*)-?(.*)", re.DOTALL)
_GRAMMAR = re.compile(
    r"[0-9]+(?:\.[0-9]+){0,3}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_LONGEST = 256  # no index holds longer versions; a longer text is damage or an attack
_RELEASE = (1,)


class NuGet:
    """`major.minor.patch.revision[-prerelease][+build]`; letters of a prerelease have no case."""

    id = "nuget"
    tags = frozenset({"NuGet"})

    def key(self, version: str) -> Any:
        """Return (1, numbers, prerelease); a text without leading number sorts below all versions, by itself."""
        text = version.strip().removeprefix("v").partition("+")[0]
        found = _PARTS.fullmatch(text)
        if found is None:
            return 0, version
        numbers = [_number(part) for part in found[1].split(".")]
        while numbers and not numbers[-1]:
            numbers.pop()
        words = tuple(_identifier(part) for part in found[2].lower().split(".")) if found[2] else ()
        return 1, tuple(numbers), (0, *words) if words else _RELEASE

    def is_valid(self, version: str) -> bool:
        """Accept one to four numbers, a prerelease and a build."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def _identifier(part: str) -> tuple[int, int, str]:
    return (0, _number(part), "") if part.isascii() and part.isdigit() else (1, 0, part)


def _number(digits: str) -> int:
    # Base 16 keeps the order of decimal digits and, unlike base 10, has no limit on their count.
    return int(digits, 16)
