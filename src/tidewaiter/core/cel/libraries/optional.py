"""Optional values (google/cel-go: cel/library.go, the optional types library)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.ast import Node, OptionalMap
from tidewaiter.core.cel.declarations import Library, Overload, function, member, plain
from tidewaiter.core.cel.macros import Macro, MacroCall
from tidewaiter.core.cel.types import BOOL
from tidewaiter.core.cel.values import NONE, CelError, Duration, Optional, Timestamp, Unknown, fail

_T = types.parameter("T")
_OPTIONAL = types.optional_of(_T)
_LIST = types.list_of(_T)


def _of(value: Any) -> Optional:
    return Optional(True, value)


def _of_non_zero(value: Any) -> Optional:
    return NONE if _is_zero(value) else Optional(True, value)


def _is_zero(value: Any) -> bool:
    if isinstance(value, (Timestamp, Duration)):
        return isinstance(value, Duration) and value.ns == 0
    if value is None:
        return True
    return isinstance(value, (bool, int, float, str, bytes, list, tuple, Mapping)) and not value


def _value(optional: Optional) -> Any:
    if optional.present:
        return optional.value
    raise fail("optional.none() has no value")


def _or(optional: Any, other: Any) -> Any:
    """Return the first present one; only then does a failure of the second matter."""
    return _first(optional, other, lambda present: present)


def _or_value(optional: Any, other: Any) -> Any:
    return _first(optional, other, lambda present: present.value)


def _first(optional: Any, other: Any, take: Callable[[Optional], Any]) -> Any:
    if isinstance(optional, Optional):
        return take(optional) if optional.present else other
    if isinstance(optional, (CelError, Unknown)):
        return optional
    raise fail("no such overload: `or` needs an optional")


def _first_of(items: list[Any]) -> Optional:
    return Optional(True, items[0]) if items else NONE


def _last_of(items: list[Any]) -> Optional:
    return Optional(True, items[-1]) if items else NONE


def _unwrapped(items: list[Any]) -> list[Any]:
    return [item.value for item in items if isinstance(item, Optional) and item.present]


def _map(flat: bool) -> Callable[[MacroCall], Node]:
    def expand(call: MacroCall) -> Node:
        return OptionalMap(call.offset, call.operand(), call.variable(0), call.args[1], flat)

    return expand


LIBRARY = Library(
    id="optional",
    functions=(
        function("optional.of", plain((_T,), _OPTIONAL, _of)),
        function("optional.ofNonZeroValue", plain((_T,), _OPTIONAL, _of_non_zero)),
        function("optional.none", plain((), types.optional_of(), lambda: NONE)),
        function("optional.unwrap", plain((types.list_of(_OPTIONAL),), _LIST, _unwrapped, len)),
        function("unwrapOpt", member((types.list_of(_OPTIONAL),), _LIST, _unwrapped, len)),
        function("hasValue", member((_OPTIONAL,), BOOL, lambda optional: optional.present)),
        function("value", member((_OPTIONAL,), _T, _value)),
        function("or", Overload((_OPTIONAL, _OPTIONAL), _OPTIONAL, _or, is_member=True, non_strict=True)),
        function("orValue", Overload((_OPTIONAL, _T), _T, _or_value, is_member=True, non_strict=True)),
        function("first", member((_LIST,), _OPTIONAL, _first_of)),
        function("last", member((_LIST,), _OPTIONAL, _last_of)),
    ),
    macros=(Macro("optMap", 2, True, _map(False)), Macro("optFlatMap", 2, True, _map(True))),
)
