"""Ranges of npm (npm/node-semver: README, ranges), exactly as npm reads them and as intervals.

npm lets a prerelease into a range only when a comparator of the same `||` part names a prerelease of the same three
numbers. That is a rule for choosing what to install: no interval can say it, and an advisory does not mean it (npm's own
audit switches it off). So `intervals` are those with prereleases, and `satisfies` keeps npm's rule for everybody else.
"""

from typing import Any

import msgspec

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import EVERYTHING, common, compared, united
from tidewaiter.core.vuln.ranges.language import RangeError
from tidewaiter.core.vuln.ranges.node_comparators import Comparator, Exact, comparators, exact
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.core.vuln.versions.semver import Semver

_LONGEST = 4096  # thousands of times what packages write
_MOST_PARTS = 256
_SEMVER = Semver()


class NodeRange(msgspec.Struct, frozen=True):
    """One range: a version satisfies it when all comparators of one of the parts hold."""

    parts: tuple[tuple[Comparator, ...], ...]
    include_prerelease: bool = False
    loose: bool = False


class Node:
    """Ranges of npm and of the advisories of Node.js."""

    id = "node"
    tags = frozenset({"npm"})
    scheme = _SEMVER

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the versions with their prereleases; RangeError when npm would refuse the range."""
        keys = Keys(_SEMVER)
        result: list[Interval] = []
        for part in parse(text, loose=True, include_prerelease=True).parts:
            inside: tuple[Interval, ...] = EVERYTHING
            for comparator in part:
                inside = common(inside, compared(comparator.sign or "=", comparator.version.text), keys)
            result.extend(inside)
        return united(result, keys)


def parse(text: str, *, loose: bool = False, include_prerelease: bool = False) -> NodeRange:
    """Return the range; RangeError when no part of it can be read.

    `loose` reads what npm once published (`1.2.3beta`, `==1.0`) and passes over parts that mean nothing.
    """
    if len(text) > _LONGEST:
        raise RangeError(f"the range is longer than {_LONGEST} characters")
    parts: list[tuple[Comparator, ...]] = []
    pieces = text.split("||")
    if len(pieces) > _MOST_PARTS:
        raise RangeError(f"the range has more than {_MOST_PARTS} parts")
    for piece in pieces:
        try:
            parts.append(comparators(piece, loose=loose, include_prerelease=include_prerelease))
        except RangeError:
            if not loose or len(pieces) == 1:
                raise
    if not parts:
        raise RangeError(f"`{text[:60]}` is no range of npm")
    return NodeRange(parts=tuple(parts), include_prerelease=include_prerelease, loose=loose)


def satisfies(version: str, wanted: NodeRange) -> bool:
    """Tell whether npm would take the version for the range; False for what is no version."""
    found = exact(version, loose=wanted.loose)
    return found is not None and any(_holds(found, part, wanted) for part in wanted.parts)


def is_above(version: str, wanted: NodeRange) -> bool:
    """Tell whether npm puts the version above the whole range."""
    return _is_outside(version, wanted, (">", ">="), sign=1)


def is_below(version: str, wanted: NodeRange) -> bool:
    """Tell whether npm puts the version below the whole range."""
    return _is_outside(version, wanted, ("<", "<="), sign=-1)


def _holds(version: Exact, part: tuple[Comparator, ...], wanted: NodeRange) -> bool:
    key = _SEMVER.key(version.text)
    if not all(_compares(key, comparator) for comparator in part):
        return False
    if not version.prerelease or wanted.include_prerelease:
        return True
    named = (comparator.version for comparator in part)
    return any(one.prerelease and one.numbers == version.numbers for one in named)


def _compares(key: Any, comparator: Comparator) -> bool:
    bound = _SEMVER.key(comparator.version.text)
    match comparator.sign:
        case "<":
            return bool(key < bound)
        case "<=":
            return bool(key <= bound)
        case ">":
            return bool(key > bound)
        case ">=":
            return bool(key >= bound)
        case _:
            return bool(key == bound)


def _is_outside(version: str, wanted: NodeRange, signs: tuple[str, str], *, sign: int) -> bool:
    """Tell whether the version lies beyond every part; `sign` -1 looks from the other side.

    A part whose far end is open reaches everywhere. The near end decides for a prerelease that lies within the ends and
    does not satisfy the range all the same.
    """
    found = exact(version, loose=wanted.loose)
    if found is None or satisfies(version, wanted):
        return False
    key = _SEMVER.key(found.text)
    for part in wanted.parts:
        bounds = part or (Comparator(">=", Exact((0, 0, 0), "")),)
        ordered = sorted(bounds, key=lambda one: _SEMVER.key(one.version.text), reverse=sign < 0)
        near, far = ordered[0], ordered[-1]
        if far.sign in signs:
            return False
        edge = _SEMVER.key(near.version.text)
        beyond = key > edge if sign > 0 else key < edge
        if (near.sign in {"", signs[0]} and not beyond) or (near.sign == signs[1] and not beyond and key != edge):
            return False
    return True
