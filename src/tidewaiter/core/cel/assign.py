"""Which type fits which: gradual assignability, type parameters and the common type of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.core.cel.types import DYN, NULLABLE, NUMERIC, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

Bindings = dict[str, Type]
"""Type parameters bound so far while one call is checked."""


def assignable(target: Type, source: Type, bound: Bindings) -> bool:
    """Whether a value of type `source` may stand where `target` is wanted; binds parameters of `target`."""
    if target is source or target.kind == "dyn":
        return True
    if target.kind == "parameter":
        return _bind(target.name, source, bound)
    if source.kind in {"dyn", "parameter"}:
        return True
    if source.kind == "null":
        return target.kind == "null" or target.kind in NULLABLE
    if target.kind == "map" and source.kind == "record":
        return assignable(target.parameters[0], Type("string"), bound)
    if target.kind == "record" and source.kind == "map":
        return True
    if target.kind != source.kind or target.name != source.name:
        return False
    if len(target.parameters) != len(source.parameters):
        return False
    return all(
        assignable(wanted, given, bound) for wanted, given in zip(target.parameters, source.parameters, strict=True)
    )


def _bind(name: str, source: Type, bound: Bindings) -> bool:
    current = bound.get(name)
    if current is None or (current.kind == "dyn" and source.kind != "dyn"):
        bound[name] = source
        return True
    if assignable(current, source, {}):
        if current.kind == "null" and source.kind != "null":
            bound[name] = source
        return True
    if assignable(source, current, {}):
        bound[name] = source
        return True
    return False


def substituted(result: Type, bound: Bindings) -> Type:
    """Return a type with its parameters replaced; an unbound one becomes dyn."""
    if result.kind == "parameter":
        return bound.get(result.name, DYN)
    if not result.parameters:
        return result
    return Type(result.kind, result.name, tuple(substituted(inner, bound) for inner in result.parameters))


def joined(types: Sequence[Type]) -> Type:
    """Return the one type that all values have, or dyn."""
    if not types:
        return DYN
    first = types[0]
    for other in types[1:]:
        if other == first:
            continue
        if first.kind == "null" and other.kind in NULLABLE:
            first = other
        elif not (other.kind == "null" and first.kind in NULLABLE):
            return DYN
    return first


def alike(left: Type, right: Type) -> bool:
    """Whether two types have a value in common worth comparing; null and types compare with all of their kind."""
    if left.kind == "null" or right.kind == "null" or left.kind == right.kind == "type":
        return True
    return assignable(left, right, {}) or assignable(right, left, {})


def comparable(left: Type, right: Type) -> bool:
    """Whether `<` and its kin are defined between the types; numbers compare across types."""
    kinds = {left.kind, right.kind}
    if "dyn" in kinds or kinds <= NUMERIC:
        return kinds <= NUMERIC | {"dyn", "string", "bytes", "bool", "timestamp", "duration", "opaque", "parameter"}
    return left.name == right.name and left.kind in {"string", "bytes", "bool", "timestamp", "duration", "opaque"}
