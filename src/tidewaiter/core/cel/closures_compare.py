"""Closures of comparison and membership."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel.cost import lookup_cost, of_nested
from tidewaiter.core.cel.equality import ABSENT, SIMPLE, contains, equal, find, ordered
from tidewaiter.core.cel.runtime import Closure, Frame, after, charge
from tidewaiter.core.cel.values import FAILED, CelError, Failure, Optional, fail

if TYPE_CHECKING:
    from collections.abc import Callable

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FAST_ORDER: frozenset[type] = frozenset({int, float})


def weight(left: Any, right: Any) -> int:
    """Return what comparing two values costs beyond the call: a tenth of the shorter text, or the size of the left one."""
    if isinstance(left, (str, bytes)):
        return (min(len(left), len(right)) + 9) // 10 if isinstance(right, (str, bytes)) else 0
    if isinstance(left, (list, tuple, Mapping, Optional)) and isinstance(right, (list, tuple, Mapping, Optional)):
        return of_nested(left)
    return 0


def equality(left: Closure, right: Closure, *, negated: bool) -> Closure:
    """Return the closure of `==` (or `!=`) between any two values."""
    rest = (right,)

    def run(frame: Frame) -> Any:
        try:
            a = left(frame)
        except Failure as failure:
            raise after(failure, frame, rest) from None
        b = right(frame)
        kind = type(a)
        if kind is type(b) and kind in SIMPLE:
            if kind is str and len(a) > 100:
                charge(frame, weight(a, b))
            return (a == b) is not negated
        charge(frame, weight(a, b))
        return equal(a, b) is not negated

    return run


def equality_with(operand: Closure, value: Any, *, negated: bool) -> Closure:
    """Return the closure of `==` (or `!=`) with a constant that is no list or map."""
    if value is None or isinstance(value, bool):
        if negated:
            return lambda frame: operand(frame) is not value
        return lambda frame: operand(frame) is value
    if isinstance(value, (str, bytes)):
        if negated:
            return lambda frame: operand(frame) != value
        return lambda frame: operand(frame) == value

    def run(frame: Frame) -> Any:
        found = operand(frame)
        return (found == value and type(found) is not bool) is not negated

    return run


def order(symbol: str, left: Closure, right: Closure, offset: int) -> Closure:
    """Return the closure of `<`, `<=`, `>` or `>=`."""
    compare = _ORDERS[symbol]
    rest = (right,)

    def run(frame: Frame) -> Any:
        try:
            a = left(frame)
        except Failure as failure:
            raise after(failure, frame, rest) from None
        b = right(frame)
        if type(a) in _FAST_ORDER and type(a) is type(b):
            return compare(a, b)
        if not ordered(a, b):
            raise Failure(CelError(f"no such overload: `{symbol}` is not defined for these values", offset))
        if isinstance(a, float) or isinstance(b, float):
            return compare(float(a), float(b))
        charge(frame, weight(a, b))
        return compare(a, b)

    return run


def membership_in(operand: Closure, items: list[str]) -> Closure:
    """Return the closure of `x in [constant strings]`."""
    known = frozenset(items)

    def run(frame: Frame) -> Any:
        found = operand(frame)
        return isinstance(found, str) and found in known

    return run


def membership(left: Closure, right: Closure, offset: int) -> Closure:
    """Return the closure of `in`: an equal element of a list, or a key of a map."""
    rest = (right,)

    def run(frame: Frame) -> Any:
        try:
            wanted = left(frame)
        except Failure as failure:
            raise after(failure, frame, rest) from None
        holder = right(frame)
        try:
            if isinstance(holder, (list, tuple)):
                charge(frame, len(holder) * (1 if type(wanted) in SIMPLE else of_nested(wanted)))
                return contains(holder, wanted)
            if isinstance(holder, Mapping):
                charge(frame, lookup_cost(holder, wanted))
                return _has_key(holder, wanted)
            raise fail("no such overload: `in` needs a list or map")
        except Failure as failure:
            raise failure.at(offset) from None

    return run


def _has_key(holder: Mapping[Any, Any], wanted: Any) -> bool:
    value = find(holder, wanted)
    if type(value) in FAILED:
        raise Failure(value)
    return value is not ABSENT
