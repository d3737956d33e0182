"""List functions of Kubernetes (kubernetes/apiserver: pkg/cel/library/lists.go) and cel-go (ext/lists.go)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.cost import of_items, of_nested
from tidewaiter.core.cel.declarations import Library, function, member, plain
from tidewaiter.core.cel.equality import contains, equal, is_number, ordered
from tidewaiter.core.cel.types import BOOL, DURATION, DYN, INT
from tidewaiter.core.cel.values import Duration, UInt, checked_duration, checked_int, checked_uint, fail

_T = types.parameter("T")
_LIST = types.list_of(_T)


def _is_sorted(items: list[Any]) -> bool:
    return all(not _less(later, earlier) for earlier, later in pairwise(items))


def _less(left: Any, right: Any) -> bool:
    if not ordered(left, right):
        raise fail("no such overload: the elements have no order")
    return bool(left < right)


def _sum(items: list[Any]) -> Any:
    if not items:
        return 0
    if all(isinstance(item, Duration) for item in items):
        return checked_duration(sum(item.ns for item in items))
    if not all(is_number(item) and type(item) is type(items[0]) for item in items):
        raise fail("no such overload: sum needs numbers of one type, or durations")
    if isinstance(items[0], float):
        return sum(items, 0.0)
    total = sum(int(item) for item in items)
    return checked_uint(total) if isinstance(items[0], UInt) else checked_int(total)


def _extreme(items: list[Any], *, largest: bool) -> Any:
    if not items:
        raise fail("min and max of an empty list are not defined")
    best = items[0]
    for item in items:
        if _less(best, item) if largest else _less(item, best):
            best = item
    return best


def _index_of(items: list[Any], wanted: Any) -> int:
    return next((place for place, item in enumerate(items) if equal(item, wanted)), -1)


def _last_index_of(items: list[Any], wanted: Any) -> int:
    return next((place for place in range(len(items) - 1, -1, -1) if equal(items[place], wanted)), -1)


def _distinct(items: list[Any]) -> list[Any]:
    if all(type(item) is str for item in items):
        return list(dict.fromkeys(items))
    found: list[Any] = []
    for item in items:
        if not contains(found, item):
            found.append(item)
    return found


def _flatten(items: list[Any], depth: int = 1) -> list[Any]:
    if depth < 0:
        raise fail("flatten: the depth must not be negative")
    current = list(items)
    for _ in range(min(depth, 100)):
        if not any(isinstance(item, (list, tuple)) for item in current):
            break
        current = [inner for item in current for inner in (item if isinstance(item, (list, tuple)) else (item,))]
    return current


def _cost_of_flatten(items: list[Any], depth: int = 1) -> int:
    total, level = 0, list(items)
    for _ in range(min(max(depth, 0), 100) + 1):
        total += len(level)
        nested = [item for item in level if isinstance(item, (list, tuple))]
        if not nested or total > 10**6:
            break
        level = [inner for item in nested for inner in item]
    return total


def _slice(items: list[Any], start: int, end: int) -> list[Any]:
    if not 0 <= start <= end <= len(items):
        raise fail(f"slice: 0 <= {start} <= {end} <= {len(items)} does not hold")
    return list(items[start:end])


def _sort(items: list[Any]) -> list[Any]:
    for item in items[1:]:
        _less(items[0], item)
    return sorted(items)


def _range(count: int) -> list[int]:
    return list(range(max(count, 0)))


def _cost_of_search(items: list[Any], wanted: Any) -> int:
    return len(items) * of_nested(wanted)


def _cost_of_sort(items: list[Any]) -> int:
    return len(items) * max(len(items).bit_length(), 1)


def _cost_of_distinct(items: list[Any]) -> int:
    return len(items) if all(type(item) is str for item in items) else len(items) * of_nested(items)


LIBRARY = Library(
    id="lists",
    functions=(
        function("isSorted", member((_LIST,), BOOL, _is_sorted, of_items)),
        function(
            "sum", member((types.list_of(DURATION),), DURATION, _sum, of_items), member((_LIST,), _T, _sum, of_items)
        ),
        function("min", member((_LIST,), _T, lambda items: _extreme(items, largest=False), of_items)),
        function("max", member((_LIST,), _T, lambda items: _extreme(items, largest=True), of_items)),
        function("indexOf", member((_LIST, _T), INT, _index_of, _cost_of_search)),
        function("lastIndexOf", member((_LIST, _T), INT, _last_index_of, _cost_of_search)),
        function("includes", member((_LIST, _T), BOOL, contains, _cost_of_search)),
        function("distinct", member((_LIST,), _LIST, _distinct, _cost_of_distinct)),
        function(
            "flatten",
            member((_LIST,), types.list_of(DYN), _flatten, _cost_of_flatten),
            member((_LIST, INT), types.list_of(DYN), _flatten, _cost_of_flatten),
        ),
        function("slice", member((_LIST, INT, INT), _LIST, _slice, of_items)),
        function("reverse", member((_LIST,), _LIST, lambda items: list(items)[::-1], of_items)),
        function("sort", member((_LIST,), _LIST, _sort, _cost_of_sort)),
        function("lists.range", plain((INT,), types.list_of(INT), _range, lambda count: max(count, 0))),
    ),
)
