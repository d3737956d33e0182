"""Equality, order and map keys across CEL's types, where Python's own answers differ (`True == 1`, `{1: …, True: …}`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tidewaiter.core.cel.values import CelError, Failure, Opaque, Optional, Unknown, fail

SIMPLE: frozenset[type] = frozenset({str, int, float, bool, bytes, type(None)})
"""Classes whose values, both being of the same class, compare as Python does."""

ABSENT: Any = object()
"""What a lookup returns when there is no such key."""


class MixedMap(Mapping[Any, Any]):
    """A map that keeps bool keys apart from the numbers that Python takes for the same keys."""

    __slots__ = ("_bools", "_others")

    def __init__(self, items: list[tuple[Any, Any]]) -> None:
        self._bools = {key: value for key, value in items if type(key) is bool}
        self._others = {key: value for key, value in items if type(key) is not bool}

    @property
    def has_bools(self) -> bool:
        """Whether any key is a bool."""
        return bool(self._bools)

    def __getitem__(self, key: Any) -> Any:
        return (self._bools if type(key) is bool else self._others)[key]

    def __iter__(self) -> Iterator[Any]:
        yield from self._bools
        yield from self._others

    def __repr__(self) -> str:
        return f"MixedMap({[*self.items()]!r})"

    def __len__(self) -> int:
        return len(self._bools) + len(self._others)


def is_number(value: Any) -> bool:
    """Whether a value is an int, uint or double, which bool is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def equal(left: Any, right: Any) -> bool:
    """Whether two values are equal in CEL. Raises `Failure` when an unknown or error inside keeps it undecided."""
    kind = type(left)
    if kind is type(right) and kind in SIMPLE:
        return bool(left == right)
    for side in (left, right):
        if isinstance(side, (Unknown, CelError)):
            raise Failure(side)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (list, tuple)):
        return isinstance(right, (list, tuple)) and _equal_lists(left, right)
    if isinstance(left, Mapping):
        return isinstance(right, Mapping) and _equal_maps(left, right)
    if isinstance(left, Optional):
        if not isinstance(right, Optional) or left.present != right.present:
            return False
        return not left.present or equal(left.value, right.value)
    return bool(left == right)


def _equal_lists(left: list[Any] | tuple[Any, ...], right: list[Any] | tuple[Any, ...]) -> bool:
    return len(left) == len(right) and _all(zip(left, right, strict=True))


def _equal_maps(left: Mapping[Any, Any], right: Mapping[Any, Any]) -> bool:
    if len(left) != len(right):
        return False
    pairs = [(value, find(right, key)) for key, value in left.items()]
    return all(other is not ABSENT for _, other in pairs) and _all(iter(pairs))


def _all(pairs: Iterator[tuple[Any, Any]]) -> bool:
    """Whether all pairs are equal; one that differs decides, else the first failure stays."""
    failure: Failure | None = None
    for left, right in pairs:
        try:
            if not equal(left, right):
                return False
        except Failure as caught:
            if failure is None or (isinstance(failure.value, CelError) and isinstance(caught.value, Unknown)):
                failure = caught
    if failure is not None:
        raise failure
    return True


def ordered(left: Any, right: Any) -> bool:
    """Whether two values have an order: both numbers, or both of one ordered class."""
    if is_number(left):
        return is_number(right)
    if isinstance(left, Opaque):
        return type(left) is type(right) and left.ordered
    return type(left) is type(right) and (
        isinstance(left, (str, bytes, bool)) or type(left).__name__ in {"Timestamp", "Duration"}
    )


def find(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value under a key, or `ABSENT`. Numbers match by value, a bool never matches a number.

    A mapping that computes its fields is asked with `mapping[key]`; its `KeyError` means absent.
    """
    if type(key) is not str and not isinstance(key, str):
        if not isinstance(key, (int, float)):
            raise fail("no such overload: a map key is a string, int, uint or bool")
        if key in (0, 1) and not isinstance(mapping, MixedMap):
            return _find_number_or_bool(mapping, key)
    try:
        return mapping[key]
    except KeyError:
        return ABSENT


def _find_number_or_bool(mapping: Mapping[Any, Any], key: Any) -> Any:
    if key not in mapping:
        return ABSENT
    wanted = isinstance(key, bool)
    for candidate in mapping:
        if isinstance(candidate, bool) == wanted and not isinstance(candidate, str) and candidate == key:
            return mapping[candidate]
    return ABSENT


def contains(items: list[Any] | tuple[Any, ...], wanted: Any) -> bool:
    """Whether a list holds an equal element; a failing element matters only when no other is equal."""
    failure: Failure | None = None
    for item in items:
        try:
            if equal(item, wanted):
                return True
        except Failure as caught:
            failure = failure or caught
    if failure is not None:
        raise failure
    return False


def build_map(items: list[tuple[Any, Any]]) -> Mapping[Any, Any]:
    """Return a map of evaluated entries. Fails on a double key and on a key that is no string, int, uint or bool."""
    result: dict[Any, Any] = {}
    for key, value in items:
        if not isinstance(key, (str, int)):
            raise fail("unsupported key type: a map key is a string, int, uint or bool")
        result[key] = value
    if len(result) == len(items) and not (True in result or False in result):
        return result
    mixed = MixedMap(items)
    if len(mixed) != len(items):
        raise fail("the map literal has a key twice")
    return mixed if mixed.has_bools else result
