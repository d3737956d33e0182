"""Order of Bitnami component versions (bitnami/go-version): semantic versions with a revision of the package."""

import re
from typing import Any

from tidewaiter.core.vuln.versions.semver import Semver

_SEMVER = Semver()
_REVISION = re.compile(r"(.*?[0-9])((?:-[0-9]{1,4})*)", re.DOTALL)
_GRAMMAR = re.compile(r"v?[0-9]+(?:\.[0-9]+)*(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_LONGEST = 256  # no index holds longer versions; a longer text is damage or an attack


class Bitnami:
    """`major.minor.patch[-prerelease][-revision]`; a number after `-` is a later build, not a prerelease."""

    id = "bitnami"
    tags = frozenset({"Bitnami"})

    def key(self, version: str) -> Any:
        """Return the semantic version's key and then the revisions, none first."""
        text = version.strip().partition("+")[0]
        found = _REVISION.fullmatch(text)
        if found is None or not found[2]:
            return _SEMVER.key(text), ()
        return _SEMVER.key(found[1]), tuple(int(part, 16) for part in found[2][1:].split("-"))

    def is_valid(self, version: str) -> bool:
        """Accept numbers, a prerelease or revision, and a build."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None
