"""Intervals as Maven writes them (maven.apache.org: POM reference, dependency version requirement)."""

import re

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import EVERYTHING, united
from tidewaiter.core.vuln.ranges.language import RangeError, pieces
from tidewaiter.core.vuln.versions import Keys, VersionScheme
from tidewaiter.core.vuln.versions.maven import Maven as MavenOrder

_PIECE = re.compile(r"\s*([\[(])\s*([^\[\](),\s]*)\s*(?:(,)\s*([^\[\](),\s]*)\s*)?([\])])\s*(,|\Z)")


class Maven:
    """`[1.0,2.0)`, `(,1.0]`, `[1.5]`, several joined by commas; a bare version is a wish, which every version meets."""

    id = "maven"
    tags = frozenset({"Maven"})
    scheme: VersionScheme = MavenOrder()

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the set as intervals."""
        if text.strip()[:1] in {"[", "("}:
            return bracketed(text, self.scheme)
        if not self.scheme.is_valid(text):
            raise RangeError(f"`{text.strip()[:60]}` is no range of Maven")
        return EVERYTHING


def bracketed(text: str, scheme: VersionScheme) -> tuple[Interval, ...]:
    """Return the union of intervals in brackets, in the order of one scheme; RangeError when a piece is none."""
    pieces(text, ",")
    result: list[Interval] = []
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if found is None or (found[6] and found.end() == len(text)):
            raise RangeError(f"`{text[at : at + 60].strip()}` is no interval")
        opening, lower, comma, upper, closing, _ = found.groups()
        if not comma:
            if not lower or (opening, closing) != ("[", "]"):
                raise RangeError(f"`{found[0].strip()[:60]}` names no version")
            upper = lower
        interval = Interval(
            lo=lower, above=bool(lower) and opening == "(", hi=upper or None, inclusive=bool(upper) and closing == "]"
        )
        result.append(interval)
        at = found.end()
    return united(result, Keys(scheme))
