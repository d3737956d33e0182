"""Ranges of retire.js (RetireJS/retire.js: repository format): `atOrAbove` and `below`, either may be absent."""

import re

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import is_empty
from tidewaiter.core.vuln.ranges.language import RangeError
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.core.vuln.versions.semver import Semver

_SEMVER = Semver()
_LONGEST = 256
_VERSION = re.compile(r"([0-9]+(?:\.[0-9]+)*)(?:[.-]?([A-Za-z0-9*][0-9A-Za-z.*-]*))?")


def retire_interval(at_or_above: str, below: str) -> Interval:
    """Return the interval; RangeError when an end is no version or nothing lies between the ends."""
    lo, hi = (_version(end.strip()) if end.strip() else "" for end in (at_or_above, below))
    interval = Interval(lo=lo, hi=hi or None, fixed=hi or None)
    if is_empty(interval, Keys(_SEMVER)):
        raise RangeError(f"nothing lies at or above {lo[:60]} and below {hi[:60]}")
    return interval


def _version(text: str) -> str:
    """Return a bound as npm would write it: `3.0.RC3` is `3.0-RC3`, and `1.2.0-*` begins with the lowest prerelease."""
    found = _VERSION.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise RangeError(f"`{text[:60]}` is no version of npm")
    if _SEMVER.is_valid(text) or not found[2]:
        return text
    return f"{found[1]}-{found[2].replace('*', '0')}"
