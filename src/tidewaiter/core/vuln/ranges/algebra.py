"""Sets of versions as disjoint ascending intervals: union, intersection, complement (used when data is imported)."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.versions import Keys

EVERYTHING = (Interval(),)


def compared(sign: str, version: str) -> tuple[Interval, ...]:
    """Return the versions that compare with `version` by one of `< <= > >= = == !=`."""
    if sign in {"<", "<="}:
        return (Interval(hi=version, inclusive=sign == "<="),)
    if sign in {">", ">="}:
        return (Interval(lo=version, above=sign == ">"),)
    if sign == "!=":
        return Interval(hi=version), Interval(lo=version, above=True)
    return (Interval(lo=version, hi=version, inclusive=True),)


def united(intervals: Iterable[Interval], keys: Keys) -> tuple[Interval, ...]:
    """Return the union: overlapping and touching intervals become one."""
    ordered = sorted((one for one in intervals if not is_empty(one, keys)), key=lambda one: _lower(one, keys))
    result: list[Interval] = []
    for interval in ordered:
        last = result[-1] if result else None
        if last is None or not _reaches(last, interval, keys):
            result.append(interval)
        elif last.hi is not None and _upper(interval, keys) > _upper(last, keys):
            result[-1] = msgspec.structs.replace(last, hi=interval.hi, inclusive=interval.inclusive)
    return tuple(result)


def common(one: Sequence[Interval], other: Sequence[Interval], keys: Keys) -> tuple[Interval, ...]:
    """Return the intersection of two unions."""
    return united((_both(left, right, keys) for left in one for right in other), keys)


def complement(intervals: Iterable[Interval], keys: Keys) -> tuple[Interval, ...]:
    """Return every version that is in none of the intervals."""
    result: list[Interval] = []
    lo, above = "", False
    for interval in united(intervals, keys):
        if interval.lo:
            result.append(Interval(lo=lo, above=above, hi=interval.lo, inclusive=interval.above))
        if interval.hi is None:
            return tuple(result)
        lo, above = interval.hi, interval.inclusive
    return (*result, Interval(lo=lo, above=above))


def with_fixes(intervals: Iterable[Interval], fixed: Sequence[Interval], keys: Keys) -> tuple[Interval, ...]:
    """Return the intervals, each with the lowest version of `fixed` that is not below its end."""
    starts = [one for one in united(fixed, keys) if one.lo and not one.above]
    result: list[Interval] = []
    for interval in intervals:
        if interval.hi is None:
            result.append(interval)
            continue
        top = keys[interval.hi]
        fits = (one.lo for one in starts if top < keys[one.lo] or (top == keys[one.lo] and not interval.inclusive))
        result.append(msgspec.structs.replace(interval, fixed=next(fits, None)))
    return tuple(result)


def is_empty(interval: Interval, keys: Keys) -> bool:
    """Tell whether no version can lie inside."""
    if interval.hi is None or not interval.lo:
        return False
    lo, hi = keys[interval.lo], keys[interval.hi]
    return bool(hi < lo or (hi == lo and (interval.above or not interval.inclusive)))


def _both(one: Interval, other: Interval, keys: Keys) -> Interval:
    low = max(one, other, key=lambda interval: _lower(interval, keys))
    high = min(one, other, key=lambda interval: _upper(interval, keys))
    return Interval(lo=low.lo, above=low.above, hi=high.hi, inclusive=high.inclusive)


def _reaches(left: Interval, right: Interval, keys: Keys) -> bool:
    """Tell whether nothing lies between the end of `left` and the start of `right`, which starts no lower."""
    if left.hi is None or not right.lo:
        return True
    end, start = keys[left.hi], keys[right.lo]
    return bool(start < end or (start == end and (left.inclusive or not right.above)))


def _lower(interval: Interval, keys: Keys) -> tuple[Any, ...]:
    return (1, keys[interval.lo], interval.above) if interval.lo else (0,)


def _upper(interval: Interval, keys: Keys) -> tuple[Any, ...]:
    return (0, keys[interval.hi], interval.inclusive) if interval.hi is not None else (1,)
