"""Versions in the victims database (victims/victims-cve-db: README): `<=2.0.11.2,2.0` is at most that, in series 2.0."""

import re

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import common, compared
from tidewaiter.core.vuln.ranges.language import RangeError
from tidewaiter.core.vuln.versions import Keys, VersionScheme
from tidewaiter.core.vuln.versions.maven import Maven
from tidewaiter.core.vuln.versions.pep440 import Pep440

_LONGEST = 512
_TEXT = re.compile(r"\s*(<=|>=|==|[<>=])\s*([0-9A-Za-z][0-9A-Za-z._+~-]*)\s*(?:,\s*([0-9A-Za-z._+-]+?)[.-]?\s*)?")

_NUMBERS = re.compile(r"[0-9]{1,99}(?:\.[0-9]{1,99})*")


class Victims:
    """One comparison and the series in which it holds."""

    id = "victims"
    tags = frozenset({"Maven"})
    scheme: VersionScheme = Maven()
    lowest = "-alpha"
    """What stands lowest after a number, of all that the order knows."""

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the versions as one interval, none when the comparison contradicts the series."""
        found = _TEXT.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            raise RangeError(f"`{text.strip()[:60]}` is no version of the victims database")
        sign, version, series = found.groups()
        one = compared(sign, version)
        if series is None:
            return one
        if not _NUMBERS.fullmatch(series):
            return common(one, (Interval(lo=series),), Keys(self.scheme))  # a build, above which no series begins
        numbers = [int(number) for number in series.split(".")]
        after = ".".join(str(number) for number in (*numbers[:-1], numbers[-1] + 1))
        return common(one, (Interval(lo=series + self.lowest, hi=after + self.lowest),), Keys(self.scheme))


class VictimsPython(Victims):
    """The same for packages of Python."""

    id = "victims-python"
    tags = frozenset({"PyPI"})
    scheme: VersionScheme = Pep440()
    lowest = ".dev0"
