"""Versions in the victims database (victims/victims-cve-db: README): `<=2.0.11.2,2.0` is at most that, in series 2.0."""

import re

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import common, compared
from tidewaiter.core.vuln.ranges.language import RangeError
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.core.vuln.versions.maven import Maven as Order

_LONGEST = 512
_ORDER = Order()
_TEXT = re.compile(r"\s*(<=|>=|==|[<>=])\s*([0-9A-Za-z][0-9A-Za-z._+~-]*)\s*(?:,\s*([0-9]+(?:\.[0-9]+)*)\.?\s*)?")
_LOWEST = "-alpha"  # of all that Maven knows, this stands lowest after a number


class Victims:
    """One comparison and the series in which it holds."""

    id = "victims"
    tags = frozenset({"victims"})
    scheme = _ORDER

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the versions as one interval, none when the comparison contradicts the series."""
        found = _TEXT.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            raise RangeError(f"`{text.strip()[:60]}` is no version of the victims database")
        sign, version, series = found.groups()
        one = compared(sign, version)
        if series is None:
            return one
        numbers = [int(number) for number in series.split(".")]
        after = ".".join(str(number) for number in (*numbers[:-1], numbers[-1] + 1))
        return common(one, (Interval(lo=series + _LOWEST, hi=after + _LOWEST),), Keys(_ORDER))
