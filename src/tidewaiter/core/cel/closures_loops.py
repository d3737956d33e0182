"""Closures of the macros over lists and maps. Every iteration is charged before its body runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tidewaiter.core.cel.equality import build_map
from tidewaiter.core.cel.runtime import Closure, Failures, Frame, charge, not_bool
from tidewaiter.core.cel.values import CelError, Exhausted, Failure


class Loop(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of one comprehension: closures, frame slots of the variables and costs per iteration."""

    operand: Closure
    first: int
    second: int | None
    condition: Closure | None
    condition_cost: int
    result: Closure | None
    result_cost: int
    offset: int


def items_of(value: Any, offset: int) -> Iterable[Any]:
    """Return what one variable runs over: a list's elements or a map's keys."""
    if isinstance(value, (list, tuple, Mapping)):
        return value
    raise Failure(CelError("no such overload: only lists and maps can be iterated", offset))


def pairs_of(value: Any, offset: int) -> Iterable[tuple[Any, Any]]:
    """Return what two variables run over: index and element, or key and value."""
    if isinstance(value, (list, tuple)):
        return enumerate(value)
    if isinstance(value, Mapping):
        return ((key, value[key]) for key in value)
    raise Failure(CelError("no such overload: only lists and maps can be iterated", offset))


def quantifier(loop: Loop, iterate: Callable[[Any, int], Iterable[Any]], *, decisive: bool) -> Closure:
    """Return the closure of `all` (`decisive` False) or `exists` (True) with one variable."""
    operand, slot, spent, offset = loop.operand, loop.first, loop.condition_cost, loop.offset
    condition = loop.condition
    assert condition is not None
    neutral = not decisive

    def run(frame: Frame) -> Any:
        items = operand(frame)
        if type(items) is not list:
            items = iterate(items, offset)
        failures: Failures | None = None
        for frame[slot] in items:
            frame[1] = left = frame[1] - spent
            if left < 0:
                raise Exhausted
            try:
                value = condition(frame)
            except Failure as failure:
                failures = failures or Failures()
                failures.add(failure)
                continue
            if value is neutral:
                continue
            if value is decisive:
                return decisive
            failures = failures or Failures()
            failures.add(not_bool(value, offset))
        if failures is not None:
            failures.surface()
        return neutral

    return run


def quantifier_of_two(loop: Loop, iterate: Callable[[Any, int], Iterable[Any]], *, decisive: bool) -> Closure:
    """Return the closure of `all` or `exists` with two variables."""
    slot, second, condition, inner = loop.first, loop.second, loop.condition, loop.operand
    assert condition is not None
    assert second is not None

    def pairs(frame: Frame) -> Any:
        return iterate(inner(frame), loop.offset)

    def test(frame: Frame) -> Any:
        frame[slot], frame[second] = frame[slot]
        return condition(frame)

    return quantifier(_with(loop, pairs, test), lambda value, _: value, decisive=decisive)


def _with(loop: Loop, operand: Closure, condition: Closure) -> Loop:
    return Loop(
        operand=operand,
        first=loop.first,
        second=loop.second,
        condition=condition,
        condition_cost=loop.condition_cost,
        result=loop.result,
        result_cost=loop.result_cost,
        offset=loop.offset,
    )


def _rounds(loop: Loop, frame: Frame) -> Iterator[Any]:
    """Set the variables for each element, yielding it (the pair for two variables)."""
    value = loop.operand(frame)
    if loop.second is None:
        for item in items_of(value, loop.offset):
            frame[loop.first] = item
            yield item
    else:
        for pair in pairs_of(value, loop.offset):
            frame[loop.first], frame[loop.second] = pair
            yield pair


def _collected(loop: Loop, frame: Frame, take: Callable[[Any], None]) -> None:
    """Run a strict loop: `take` gets every element that the condition lets through; failures add up, an unknown wins."""
    failures = Failures()
    condition = loop.condition
    for item in _rounds(loop, frame):
        try:
            if condition is not None:
                charge(frame, loop.condition_cost)
                chosen = condition(frame)
                if chosen is False:
                    continue
                if chosen is not True:
                    raise not_bool(chosen, loop.offset)
            take(item)
        except Failure as failure:
            failures.add(failure)
    failures.surface()


def single(loop: Loop) -> Closure:
    """Return the closure of `exists_one`."""

    def run(frame: Frame) -> Any:
        found: list[Any] = []
        _collected(loop, frame, found.append)
        return len(found) == 1

    return run


def selection(loop: Loop) -> Closure:
    """Return the closure of `filter`."""

    def run(frame: Frame) -> Any:
        found: list[Any] = []
        _collected(loop, frame, found.append)
        return found

    return run


def transform(loop: Loop) -> Closure:
    """Return the closure of `map` and `transformList`."""
    result, spent = loop.result, loop.result_cost
    assert result is not None

    def run(frame: Frame) -> Any:
        found: list[Any] = []

        def take(_: Any) -> None:
            charge(frame, spent)
            found.append(result(frame))

        _collected(loop, frame, take)
        return found

    return run


def transform_map(loop: Loop, *, entries: bool) -> Closure:
    """Return the closure of `transformMap`, or of `transformMapEntry` whose results are maps to merge."""
    result, spent, offset = loop.result, loop.result_cost, loop.offset
    assert result is not None

    def run(frame: Frame) -> Any:
        found: list[tuple[Any, Any]] = []

        def take(pair: Any) -> None:
            charge(frame, spent)
            value = result(frame)
            if not entries:
                found.append((pair[0], value))
            elif isinstance(value, Mapping):
                charge(frame, len(value))
                found.extend(value.items())
            else:
                raise Failure(CelError("no such overload: transformMapEntry needs a map", offset))

        _collected(loop, frame, take)
        try:
            return build_map(found)
        except Failure as failure:
            raise failure.at(offset) from None

    return run
