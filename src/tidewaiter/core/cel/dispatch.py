"""The run-time choice of an overload, by the Python classes of the arguments, remembered per combination of classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel.operators import SYMBOLS
from tidewaiter.core.cel.values import (
    CelError,
    Duration,
    Failure,
    Opaque,
    Optional,
    Timestamp,
    TypeValue,
    UInt,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.core.cel.declarations import Overload
    from tidewaiter.core.cel.types import Type

Target = tuple["Callable[..., Any]", "Callable[..., int] | None"]
"""What a call needs: the implementation and its cost function."""

_CLASSES: dict[str, tuple[type, ...]] = {
    "uint": (UInt,),
    "double": (float,),
    "bool": (bool,),
    "string": (str,),
    "bytes": (bytes,),
    "null": (type(None),),
    "list": (list, tuple),
    "map": (Mapping,),
    "record": (Mapping,),
    "timestamp": (Timestamp,),
    "duration": (Duration,),
    "type": (TypeValue,),
    "optional": (Optional,),
}
_KEPT = 512
"""Combinations of classes remembered per dispatcher; more would mean classes made at run time."""


class Dispatcher:
    """The overloads of one function for one number of arguments."""

    __slots__ = ("name", "non_strict", "overloads", "table")

    def __init__(self, name: str, overloads: tuple[Overload, ...]) -> None:
        self.name = name
        self.overloads = overloads
        self.non_strict = any(overload.non_strict for overload in overloads)
        self.table: dict[Any, Target] = {}

    def resolve(self, *args: Any) -> Target:
        """Return the overload for these arguments and remember it. Raises `Failure` when there is none."""
        classes = tuple(type(arg) for arg in args)
        for overload in self.overloads:
            if accepts(overload, classes):
                target = (overload.implementation, overload.cost)
                if len(self.table) < _KEPT:
                    self.table[classes[0] if len(classes) == 1 else classes] = target
                return target
        shown = ", ".join(type_name(arg) for arg in args)
        raise Failure(CelError(f"no such overload: {SYMBOLS.get(self.name, self.name)}({shown})"))


def accepts(overload: Overload, classes: tuple[type, ...]) -> bool:
    """Whether an overload takes arguments of these Python classes."""
    parameters = overload.parameters
    if overload.variadic and len(classes) > len(parameters):
        parameters += (parameters[-1],) * (len(classes) - len(parameters))
    return len(parameters) == len(classes) and all(
        _takes(parameter, given) for parameter, given in zip(parameters, classes, strict=True)
    )


def _takes(wanted: Type, given: type) -> bool:
    kind = wanted.kind
    if kind in {"dyn", "parameter"}:
        return True
    if kind == "int":
        return issubclass(given, int) and not issubclass(given, (bool, UInt))
    if kind == "opaque":
        return issubclass(given, Opaque) and given.cel_type_name == wanted.name
    return issubclass(given, _CLASSES[kind])


def type_name(value: Any) -> str:
    """Return the name of a value's CEL type, as `type(value)` prints it."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, UInt):
        return "uint"
    if isinstance(value, Opaque):
        return value.cel_type_name
    for kind, name in _NAMES:
        if isinstance(value, kind):
            return name
    return "dyn"


_NAMES: tuple[tuple[type, str], ...] = (
    (int, "int"),
    (float, "double"),
    (str, "string"),
    (bytes, "bytes"),
    (type(None), "null_type"),
    (list, "list"),
    (tuple, "list"),
    (Mapping, "map"),
    (Timestamp, "google.protobuf.Timestamp"),
    (Duration, "google.protobuf.Duration"),
    (TypeValue, "type"),
    (Optional, "optional_type"),
    (Unknown, "unknown"),
    (CelError, "error"),
)
