"""From events and version lists of OSV to intervals (ossf/osv-schema: evaluation), once, when data is imported."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.versions import Keys


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a range; exactly one field is set in well-formed data."""

    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None
    limit: str | None = None

    @property
    def version(self) -> str:
        """Return the version that the event stands at."""
        return self.introduced or self.fixed or self.last_affected or ""


_BEGINNING = "0"


def from_events(events: Sequence[Event], keys: Keys) -> tuple[Interval, ...]:
    """Return the affected intervals of one range, ascending.

    `introduced` opens, `fixed` closes before, `last_affected` closes after its version; `introduced: "0"` is the
    beginning of all versions; with `limit` events only versions below the highest limit count.
    """
    turns = sorted((event for event in events if event.version), key=lambda event: _turn(event, keys))
    intervals: list[Interval] = []
    lo: str | None = None
    for event in turns:
        if event.introduced is not None:
            if lo is None:
                lo = "" if event.introduced == _BEGINNING else event.introduced
        elif event.fixed is not None:
            if lo is not None:
                intervals.append(Interval(lo=lo, hi=event.fixed, fixed=event.fixed))
                lo = None
            elif intervals and intervals[-1].fixed is None:
                # A range that names the last affected version and the fix: the fix belongs to the closed interval.
                intervals[-1] = msgspec.structs.replace(intervals[-1], fixed=event.fixed)
        elif lo is not None:
            intervals.append(Interval(lo=lo, hi=event.last_affected, inclusive=True))
            lo = None
    if lo is not None:
        intervals.append(Interval(lo=lo))
    filled = [interval for interval in intervals if not _is_empty(interval, keys)]
    return _below_limit(filled, [event.limit for event in events if event.limit is not None], keys)


def bounded(intervals: Iterable[Interval], last_known: str, keys: Keys) -> tuple[Interval, ...]:
    """Return the intervals with open ends closed by GHSA's `last_known_affected_version_range` (decision 8.5).

    The text is a comma-separated list of comparisons, of which upper bounds count: `< 3.7.1`, `<= 4.1.76.Final`,
    `= 2.0`. A bound below the start of an interval contradicts it and is not believed.
    """
    bound = _upper_bound(last_known)
    if bound is None:
        return tuple(intervals)
    version, inclusive = bound
    result: list[Interval] = []
    for interval in intervals:
        if interval.hi is not None:
            result.append(interval)
            continue
        closed = msgspec.structs.replace(interval, hi=version, inclusive=inclusive)
        result.append(interval if _is_empty(closed, keys) else closed)
    return tuple(result)


def contains(interval: Interval, version: str, keys: Keys) -> bool:
    """Tell whether the version lies inside; both compared by the keys' order."""
    key = keys[version]
    if interval.lo:
        bottom = keys[interval.lo]
        if key < bottom or (interval.above and key == bottom):
            return False
    if interval.hi is None:
        return True
    top = keys[interval.hi]
    return bool(key < top or (interval.inclusive and key == top))


def listed(versions: Iterable[str], intervals: Sequence[Interval], keys: Keys) -> tuple[Interval, ...]:
    """Return one-version intervals for listed versions that no interval contains, each with the next fix above it."""
    union = _Union(intervals, keys)
    fixes = sorted({interval.fixed for interval in intervals if interval.fixed}, key=lambda fix: (keys[fix], fix))
    places = [keys[fix] for fix in fixes]
    result: dict[str, Interval] = {}
    for version in versions:
        # A text that the grammar refuses has no believed place in an interval: only the list can tell that it is meant.
        if version in result or (keys.is_valid(version) and union.contains(version)):
            continue
        place = bisect_right(places, keys[version])
        fix = fixes[place] if place < len(fixes) else None
        result[version] = Interval(lo=version, hi=version, inclusive=True, fixed=fix)
    return tuple(result[version] for version in sorted(result, key=lambda text: (keys[text], text)))


class _Union:
    """Many intervals as one question, asked by bisection: records list thousands of versions beside as many ranges."""

    def __init__(self, intervals: Iterable[Interval], keys: Keys) -> None:
        self._keys = keys
        ordered = sorted(intervals, key=self._bottom)
        self._bottoms = [self._bottom(interval) for interval in ordered]
        self._tops: list[tuple[Any, ...]] = []
        for interval in ordered:
            top = self._top(interval)
            self._tops.append(max(self._tops[-1], top) if self._tops else top)

    def contains(self, version: str) -> bool:
        """Tell whether any interval contains a version."""
        place = (1, self._keys[version], 0)
        below = bisect_right(self._bottoms, place)
        return below > 0 and place < self._tops[below - 1]

    def _bottom(self, interval: Interval) -> tuple[Any, ...]:
        return (1, self._keys[interval.lo], int(interval.above)) if interval.lo else (0,)

    def _top(self, interval: Interval) -> tuple[Any, ...]:
        return (1, self._keys[interval.hi], int(interval.inclusive)) if interval.hi is not None else (2,)


def _turn(event: Event, keys: Keys) -> tuple[object, ...]:
    """Sort by version; at one version the file's own order decides, except that `last_affected` closes afterwards."""
    if event.introduced == _BEGINNING:
        return 0, 0, 0
    return 1, keys[event.version], event.last_affected is not None


def _is_empty(interval: Interval, keys: Keys) -> bool:
    if interval.hi is None or not interval.lo:
        return False
    lo, hi = keys[interval.lo], keys[interval.hi]
    return bool(hi < lo or (hi == lo and (interval.above or not interval.inclusive)))


def _below_limit(intervals: Iterable[Interval], limits: Sequence[str], keys: Keys) -> tuple[Interval, ...]:
    if not limits or "*" in limits:
        return tuple(intervals)
    limit = max(limits, key=lambda text: (keys[text], text))
    result: list[Interval] = []
    for interval in intervals:
        if interval.hi is None or not keys[interval.hi] < keys[limit]:
            interval = Interval(lo=interval.lo, hi=limit)  # noqa: PLW2901 - the cut interval takes its place
        if not _is_empty(interval, keys):
            result.append(interval)
    return tuple(result)


def _upper_bound(text: str) -> tuple[str, bool] | None:
    for part in text.split(","):
        comparison = part.strip()
        for sign, inclusive in (("<=", True), ("<", False), ("=", True)):
            if comparison.startswith(sign):
                version = comparison[len(sign) :].strip().lstrip("=").strip()
                return (version, inclusive) if version else None
    return None
