"""Closures of `+ - *` and `!` with a fast path for ints, texts and bools; everything else goes to the general call."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel.runtime import Closure, Frame, after, charge
from tidewaiter.core.cel.values import INT_MAX, INT_MIN, Failure

if TYPE_CHECKING:
    from collections.abc import Callable

_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {"_+_": operator.add, "_-_": operator.sub, "_*_": operator.mul}


def arithmetic(name: str, left: Closure, right: Closure, general: Callable[[list[Any], Frame], Any]) -> Closure:
    """Return the closure of a binary operator; `general` handles all values but two ints or, for `+`, two texts."""
    operation = _OPERATIONS[name]
    adds = name == "_+_"
    rest = (right,)

    def run(frame: Frame) -> Any:
        try:
            a = left(frame)
        except Failure as failure:
            raise after(failure, frame, rest) from None
        b = right(frame)
        kind = type(a)
        if kind is type(b):
            if kind is int:
                value = operation(a, b)
                if INT_MIN <= value <= INT_MAX:
                    return value
            elif kind is str and adds:
                charge(frame, (len(a) + len(b) + 9) // 10)
                return a + b
        return general([a, b], frame)

    return run


def negation(operand: Closure, general: Callable[[list[Any], Frame], Any]) -> Closure:
    """Return the closure of `!`."""

    def run(frame: Frame) -> Any:
        value = operand(frame)
        if value is True:
            return False
        if value is False:
            return True
        return general([value], frame)

    return run
