"""The operators as functions: signatures for the checker, implementations for values that are not both of one fast class."""

from __future__ import annotations

import math
from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.cost import of_lists, of_texts
from tidewaiter.core.cel.declarations import Function, Overload, function, plain
from tidewaiter.core.cel.types import BOOL, BYTES, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Type
from tidewaiter.core.cel.values import (
    Duration,
    Timestamp,
    UInt,
    checked_duration,
    checked_int,
    checked_timestamp,
    checked_uint,
    fail,
)

_A = types.parameter("A")
_LIST = types.list_of(_A)


def truncated_quotient(left: int, right: int) -> int:
    """Return the quotient truncated toward zero, where Python floors."""
    if right == 0:
        raise fail("division by zero")
    quotient = abs(left) // abs(right)
    return -quotient if (left < 0) != (right < 0) else quotient


def truncated_remainder(left: int, right: int) -> int:
    """Return the remainder with the sign of the dividend."""
    if right == 0:
        raise fail("modulus by zero")
    remainder = abs(left) % abs(right)
    return -remainder if left < 0 else remainder


def _remainder(left: int, right: int) -> int:
    """Return the remainder of ints; where the quotient overflows, the language has no remainder either."""
    if right == -1:
        checked_int(-left)
    return truncated_remainder(left, right)


def divided(left: float, right: float) -> float:
    """Return the IEEE 754 quotient: infinities and NaN instead of an error."""
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def multiplied(left: float, right: float) -> float:
    """Return the IEEE 754 product."""
    return left * right


def _same(kind: Type, implementation: Any) -> Overload:
    return plain((kind, kind), kind, implementation)


def _concatenated(left: Any, right: Any) -> list[Any]:
    return [*left, *right]


def _difference(left: Timestamp, right: Timestamp) -> Duration:
    return checked_duration(left.ns - right.ns)


OPERATORS: tuple[Function, ...] = (
    function(
        "_+_",
        _same(INT, lambda a, b: checked_int(int(a) + int(b))),
        _same(UINT, lambda a, b: checked_uint(int(a) + int(b))),
        _same(DOUBLE, lambda a, b: a + b),
        plain((STRING, STRING), STRING, lambda a, b: a + b, of_texts),
        plain((BYTES, BYTES), BYTES, lambda a, b: a + b, of_texts),
        plain((_LIST, _LIST), _LIST, _concatenated, of_lists),
        plain((TIMESTAMP, DURATION), TIMESTAMP, lambda a, b: checked_timestamp(a.ns + b.ns)),
        plain((DURATION, TIMESTAMP), TIMESTAMP, lambda a, b: checked_timestamp(a.ns + b.ns)),
        plain((DURATION, DURATION), DURATION, lambda a, b: checked_duration(a.ns + b.ns)),
    ),
    function(
        "_-_",
        _same(INT, lambda a, b: checked_int(int(a) - int(b))),
        _same(UINT, lambda a, b: checked_uint(int(a) - int(b))),
        _same(DOUBLE, lambda a, b: a - b),
        plain((TIMESTAMP, TIMESTAMP), DURATION, _difference),
        plain((TIMESTAMP, DURATION), TIMESTAMP, lambda a, b: checked_timestamp(a.ns - b.ns)),
        plain((DURATION, DURATION), DURATION, lambda a, b: checked_duration(a.ns - b.ns)),
    ),
    function(
        "_*_",
        _same(INT, lambda a, b: checked_int(int(a) * int(b))),
        _same(UINT, lambda a, b: checked_uint(int(a) * int(b))),
        _same(DOUBLE, multiplied),
    ),
    function(
        "_/_",
        _same(INT, lambda a, b: checked_int(truncated_quotient(a, b))),
        _same(UINT, lambda a, b: UInt(truncated_quotient(a, b))),
        _same(DOUBLE, divided),
    ),
    function(
        "_%_",
        _same(INT, _remainder),
        _same(UINT, lambda a, b: UInt(truncated_remainder(a, b))),
    ),
    function(
        "-_",
        plain((INT,), INT, lambda a: checked_int(-a)),
        plain((DOUBLE,), DOUBLE, lambda a: -a),
    ),
    function("!_", plain((BOOL,), BOOL, lambda a: not a)),
)
"""Operators that dispatch on their arguments' types; comparison, `in`, index and logic are the compiler's own."""

SYMBOLS = {"_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "-_": "-", "!_": "!"}
"""How an operator is written, for messages."""
