"""Order of semantic versions, as loosely written as npm reads them (semver.org 2.0.0 section 11; npm/node-semver)."""

import re
from typing import Any

_PARTS = re.compile(r"([0-9]+(?:\.[0-9]+)*)-?(.*)", re.DOTALL)
_GRAMMAR = re.compile(
    r"[v=\s]*[0-9]+(?:\.[0-9]+){0,2}"
    r"(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*|[A-Za-z-][0-9A-Za-z-]*(?:\.[0-9A-Za-z-]+)*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\s*",
    re.ASCII,
)
_LONGEST = 256  # the longest that npm reads
_RELEASE = (1,)


class Semver:
    """`major.minor.patch[-prerelease][+build]`; missing numbers are 0, build metadata does not count."""

    id = "semver"
    tags = frozenset(
        {"npm", "Go", "crates.io", "Hex", "SwiftURL", "GitHub Actions", "Kubernetes", "Node.js", "Bottlerocket"}
    )

    def key(self, version: str) -> Any:
        """Return (1, numbers, prerelease); a text without leading number sorts below all versions, by itself."""
        text = version.strip().lstrip("v= \t\r\n").partition("+")[0].strip()
        found = _PARTS.fullmatch(text)
        if found is None:
            return 0, version
        numbers = [_number(part) for part in found[1].split(".")]
        while numbers and numbers[-1] == 0:
            numbers.pop()
        return 1, tuple(numbers), _prerelease(found[2])

    def is_valid(self, version: str) -> bool:
        """Accept three numbers, short forms of two or one, a leading `v` or `=`, and `1.2.3beta`."""
        return len(version) <= _LONGEST and _GRAMMAR.fullmatch(version) is not None


def _prerelease(text: str) -> tuple[Any, ...]:
    if not text:
        return _RELEASE
    return 0, *identifiers(text)


def identifiers(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return the sort keys of dot-separated identifiers: numbers by value, below words."""
    return tuple(_identifier(part) for part in text.split("."))


def _identifier(part: str) -> tuple[int, int, str]:
    # Numbers sort below words; a base of 16 keeps the order of decimal digits without a limit on their count.
    if part.isascii() and part.isdigit():
        return 0, int(part, 16), ""
    return 1, 0, part


def _number(digits: str) -> int:
    return int(digits, 16)
