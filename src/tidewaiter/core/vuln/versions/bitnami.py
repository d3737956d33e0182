"""Order of Bitnami component versions (bitnami/go-version): semantic versions with a revision of the package."""

import re
from typing import Any, Final

from tidewaiter.core.vuln.versions.semver import Semver

HIGHEST: Final = "-9999"
"""The revision above all others: what is said of a version without revision holds up to here."""
_SEMVER = Semver()
_GRAMMAR = re.compile(r"v?[0-9]+(?:\.[0-9]+)*(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_LONGEST = 256  # no index holds longer versions; a longer text is damage or an attack
_DIGITS = 4  # longer numbers are dates or hashes of a prerelease


class Bitnami:
    """`major.minor.patch[-prerelease][-revision]`; a number after `-` is a later build, and 0 is none."""

    id = "bitnami"
    tags = frozenset({"Bitnami"})

    def key(self, version: str) -> Any:
        """Return the semantic version's key and then the revisions, none first."""
        text, revisions = split_revisions(version)
        numbers = [int(part, 16) for part in revisions]
        while numbers and not numbers[-1]:
            numbers.pop()
        return _SEMVER.key(text), tuple(numbers)

    def is_valid(self, version: str) -> bool:
        """Accept numbers, a prerelease or revision, and a build."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def split_revisions(version: str) -> tuple[str, tuple[str, ...]]:
    """Return the version without build, and the revisions behind it."""
    parts = version.strip().partition("+")[0].split("-")
    end = len(parts)
    while end > 1 and _is_revision(parts[end - 1]) and parts[end - 2][-1:].isdecimal():
        end -= 1
    return "-".join(parts[:end]), tuple(parts[end:])


def _is_revision(part: str) -> bool:
    return 0 < len(part) <= _DIGITS and part.isascii() and part.isdigit()
