"""Order of Dart package versions (dart-lang/pub_semver): semantic versions whose build metadata counts."""

import re
from typing import Any

from tidewaiter.core.vuln.versions.semver import Semver, identifiers

_SEMVER = Semver()
_GRAMMAR = re.compile(
    r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_LONGEST = 256  # no index holds longer versions; a longer text is damage or an attack


class Pub:
    """`major.minor.patch[-prerelease][+build]`; `1.0.0 < 1.0.0+1 < 1.0.0+2` (decision 8.8)."""

    id = "pub"
    tags = frozenset({"Pub"})

    def key(self, version: str) -> Any:
        """Return the semantic version's key and then the build's identifiers, none first."""
        _, plus, build = version.strip().partition("+")
        return _SEMVER.key(version), identifiers(build) if plus else ()

    def is_valid(self, version: str) -> bool:
        """Accept three numbers, a prerelease and a build."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None
