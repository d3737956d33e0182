"""Ranges of retire.js (RetireJS/retire.js: repository format): `atOrAbove` and `below`, either may be absent."""

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import is_empty
from tidewaiter.core.vuln.ranges.language import RangeError
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.core.vuln.versions.semver import Semver

_SEMVER = Semver()


def retire_interval(at_or_above: str, below: str) -> Interval:
    """Return the interval; RangeError when an end is no version or nothing lies between the ends."""
    lo, hi = at_or_above.strip(), below.strip()
    for end in (lo, hi):
        if end and not _SEMVER.is_valid(end):
            raise RangeError(f"`{end[:60]}` is no version of npm")
    interval = Interval(lo=lo, hi=hi or None, fixed=hi or None)
    if is_empty(interval, Keys(_SEMVER)):
        raise RangeError(f"nothing lies at or above {lo[:60]} and below {hi[:60]}")
    return interval
