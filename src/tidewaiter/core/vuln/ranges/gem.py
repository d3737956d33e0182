"""Requirements of RubyGems (rubygems/rubygems: lib/rubygems/requirement.rb), as the Ruby advisory database writes them."""

import re

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import EVERYTHING, common, compared
from tidewaiter.core.vuln.ranges.language import RangeError, pieces
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.core.vuln.versions.rubygems import RubyGems

_LONGEST_NUMBER = 1000  # no number of a version that anybody compares has more digits
_RUBYGEMS = RubyGems()
_PART = re.compile(r"\s*(~>|<=|>=|!=|[<>=]?)\s*([0-9][0-9A-Za-z.-]*)\s*")
_LOWEST_WORD = "A"  # words are compared by their characters, and upper-case letters come first


class Gem:
    """A list in which all must hold; `~> 1.2.3` takes what keeps all numbers but the last."""

    id = "gem"
    tags = frozenset({"RubyGems"})
    scheme = _RUBYGEMS

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the set as intervals; the end of `~>` lies below the prereleases of the next version."""
        keys = Keys(_RUBYGEMS)
        result: tuple[Interval, ...] = EVERYTHING
        for part in pieces(text, ","):
            found = _PART.fullmatch(part)
            if found is None or not _RUBYGEMS.is_valid(found[2]):
                raise RangeError(f"`{part.strip()[:60]}` is no requirement of RubyGems")
            sign, version = found.groups()
            one = (Interval(lo=version, hi=_after(version)),) if sign == "~>" else compared(sign or "=", version)
            result = common(result, one, keys)
        return result


def _after(version: str) -> str:
    numbers: list[int] = []
    for segment in version.replace("-", ".pre.").split("."):
        if not segment.isdigit():
            break
        numbers.append(int(segment[:_LONGEST_NUMBER]))
    kept = numbers[:-1] or numbers
    return ".".join(str(number) for number in (*kept[:-1], kept[-1] + 1)) + f".{_LOWEST_WORD}"
