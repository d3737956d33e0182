"""Lists as sets: `sets.contains`, `sets.equivalent`, `sets.intersects` (google/cel-go: ext/sets.go)."""

from __future__ import annotations

from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.cost import of_nested
from tidewaiter.core.cel.declarations import Library, function, plain
from tidewaiter.core.cel.equality import contains
from tidewaiter.core.cel.types import BOOL

_LIST = types.list_of(types.parameter("T"))


def _contains(items: list[Any], wanted: list[Any]) -> bool:
    return all(contains(items, item) for item in wanted)


def _equivalent(left: list[Any], right: list[Any]) -> bool:
    return _contains(left, right) and _contains(right, left)


def _intersects(left: list[Any], right: list[Any]) -> bool:
    return any(contains(right, item) for item in left)


def _product(left: list[Any], right: list[Any]) -> int:
    return min(len(left) * of_nested(right) + len(right) * of_nested(left), 10**12)


LIBRARY = Library(
    id="sets",
    functions=(
        function("sets.contains", plain((_LIST, _LIST), BOOL, _contains, _product)),
        function("sets.equivalent", plain((_LIST, _LIST), BOOL, _equivalent, _product)),
        function("sets.intersects", plain((_LIST, _LIST), BOOL, _intersects, _product)),
    ),
)
