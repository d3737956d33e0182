"""Closures of `&&` and `||`: a decisive term decides even beside errors and unknowns."""

from __future__ import annotations

from typing import Any

from tidewaiter.core.cel.runtime import Closure, Frame, merged, not_bool
from tidewaiter.core.cel.values import Failure


def logic_of_two(left: Closure, right: Closure, right_cost: int, *, decisive: bool, offset: int) -> Closure:
    """Return the closure of one `&&` (`decisive` False) or `||` (True)."""
    neutral = not decisive

    def run(frame: Frame) -> Any:
        try:
            first = left(frame)
        except Failure as failure:
            return _absorbed(frame, [failure], ((right, right_cost),), decisive, offset)
        if first is neutral:
            frame[1] -= right_cost
            second = right(frame)
            if second is True or second is False:
                return second
            raise not_bool(second, offset)
        if first is decisive:
            return decisive
        return _absorbed(frame, [not_bool(first, offset)], ((right, right_cost),), decisive, offset)

    return run


def logic(terms: tuple[tuple[Closure, int], ...], *, decisive: bool, offset: int) -> Closure:
    """Return the closure of a longer chain."""
    neutral = not decisive

    def run(frame: Frame) -> Any:
        for place, (term, spent) in enumerate(terms):
            frame[1] -= spent
            try:
                value = term(frame)
            except Failure as failure:
                return _absorbed(frame, [failure], terms[place + 1 :], decisive, offset)
            if value is neutral:
                continue
            if value is decisive:
                return decisive
            return _absorbed(frame, [not_bool(value, offset)], terms[place + 1 :], decisive, offset)
        return neutral

    return run


def _absorbed(
    frame: Frame, failures: list[Failure], rest: tuple[tuple[Closure, int], ...], decisive: bool, offset: int
) -> bool:
    """Finish a chain in which something failed: a decisive term still decides, else the failures add up."""
    for term, spent in rest:
        frame[1] -= spent
        try:
            value = term(frame)
        except Failure as failure:
            failures.append(failure)
            continue
        if value is decisive:
            return value is True
        if value is not (not decisive):
            failures.append(not_bool(value, offset))
    raise merged(failures)
