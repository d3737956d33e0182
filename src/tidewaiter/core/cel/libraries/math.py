"""`math.*` (google/cel-go: ext/math.go): extremes, rounding, signs, bits and tests of doubles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.declarations import Function, Library, Overload, function, plain
from tidewaiter.core.cel.equality import is_number
from tidewaiter.core.cel.types import BOOL, DOUBLE, INT, UINT, Type
from tidewaiter.core.cel.values import UINT_MAX, UInt, checked_int, fail

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = (INT, UINT, DOUBLE)


def _extreme(name: str, better: Callable[[Any, Any], bool]) -> Function:
    """Return `math.greatest` or `math.least`: of numbers, or of one list of numbers."""

    def choose(*values: Any) -> Any:
        items = values[0] if len(values) == 1 and isinstance(values[0], (list, tuple)) else values
        if not items:
            raise fail(f"{name}: the list must not be empty")
        best = items[0]
        for item in items:
            if not is_number(item):
                raise fail(f"no such overload: {name} takes numbers")
            if better(item, best):
                best = item
        return best

    alike = tuple(Overload((kind,), kind, choose, variadic=True) for kind in _NUMBERS)
    mixed = tuple(
        Overload((first, second), types.DYN, choose) for first in _NUMBERS for second in _NUMBERS if first is not second
    )
    lists = tuple(plain((types.list_of(kind),), kind, choose, len) for kind in _NUMBERS)
    return function(name, *alike, *mixed, Overload((_NUMBER,), types.DYN, choose, variadic=True), *lists)


_NUMBER = types.DYN


def _rounded(value: float) -> float:
    """Round halves away from zero, as Go's math.Round."""
    if not math.isfinite(value):
        return value
    whole = math.trunc(value)
    if abs(value - whole) >= 0.5:
        whole += 1 if value > 0 else -1
    return math.copysign(float(whole), value)


def _whole(operation: Callable[[float], int]) -> Callable[[float], float]:
    def apply(value: float) -> float:
        return math.copysign(float(operation(value)), value) if math.isfinite(value) else value

    return apply


def _sign(value: float) -> float:
    if math.isnan(value):
        return value
    return 0.0 if value == 0 else math.copysign(1.0, value)


def _root(value: float) -> float:
    return math.sqrt(value) if value >= 0 else math.nan


def _shift_left(value: int, places: int) -> int:
    if places < 0:
        raise fail("math.bitShiftLeft: the offset must not be negative")
    if places > 63:
        return type(value)(0)
    shifted = int(value) << places
    return UInt(shifted & UINT_MAX) if isinstance(value, UInt) else _signed(shifted)


def _shift_right(value: int, places: int) -> int:
    if places < 0:
        raise fail("math.bitShiftRight: the offset must not be negative")
    if places > 63:
        return type(value)(0)
    shifted = (int(value) & UINT_MAX) >> places
    return UInt(shifted) if isinstance(value, UInt) else _signed(shifted)


def _signed(bits: int) -> int:
    bits &= UINT_MAX
    return bits - 2**64 if bits >= 2**63 else bits


def _bits(name: str, operation: Callable[[int, int], int]) -> Function:
    return function(
        name,
        plain((INT, INT), INT, lambda a, b: operation(int(a), int(b))),
        plain((UINT, UINT), UINT, lambda a, b: UInt(operation(int(a), int(b)))),
    )


def _of_double(name: str, result: Type, operation: Callable[[float], Any]) -> Function:
    return function(name, plain((DOUBLE,), result, operation))


LIBRARY = Library(
    id="math",
    functions=(
        _extreme("math.greatest", lambda a, b: a > b),
        _extreme("math.least", lambda a, b: a < b),
        _of_double("math.ceil", DOUBLE, _whole(math.ceil)),
        _of_double("math.floor", DOUBLE, _whole(math.floor)),
        _of_double("math.round", DOUBLE, _rounded),
        _of_double("math.trunc", DOUBLE, _whole(math.trunc)),
        _of_double("math.isNaN", BOOL, math.isnan),
        _of_double("math.isInf", BOOL, math.isinf),
        _of_double("math.isFinite", BOOL, math.isfinite),
        function(
            "math.abs",
            plain((INT,), INT, lambda value: checked_int(abs(value))),
            plain((UINT,), UINT, lambda value: value),
            plain((DOUBLE,), DOUBLE, abs),
        ),
        function(
            "math.sign",
            plain((INT,), INT, lambda value: (value > 0) - (value < 0)),
            plain((UINT,), UINT, lambda value: UInt(value > 0)),
            plain((DOUBLE,), DOUBLE, _sign),
        ),
        function("math.sqrt", *(plain((kind,), DOUBLE, lambda value: _root(float(value))) for kind in _NUMBERS)),
        _bits("math.bitAnd", lambda a, b: a & b),
        _bits("math.bitOr", lambda a, b: a | b),
        _bits("math.bitXor", lambda a, b: a ^ b),
        function(
            "math.bitNot",
            plain((INT,), INT, lambda value: ~value),
            plain((UINT,), UINT, lambda value: UInt(~int(value) & UINT_MAX)),
        ),
        function("math.bitShiftLeft", plain((INT, INT), INT, _shift_left), plain((UINT, INT), UINT, _shift_left)),
        function("math.bitShiftRight", plain((INT, INT), INT, _shift_right), plain((UINT, INT), UINT, _shift_right)),
    ),
)
