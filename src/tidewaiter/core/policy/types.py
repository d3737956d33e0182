"""Type names of fields and parameters (`list(string)`, `container`) become CEL types."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.policy.fields import records

_SCALARS: Mapping[str, types.Type] = {
    "string": types.STRING,
    "int": types.INT,
    "double": types.DOUBLE,
    "bool": types.BOOL,
    "timestamp": types.TIMESTAMP,
    "duration": types.DURATION,
    "dyn": types.DYN,
}


@cache
def record_type(name: str) -> types.RecordType:
    """Return the CEL type of a record; records may refer to each other. Raises `KeyError` for an unknown one."""
    return types.RecordType(name, {field.name: _later(field.type) for field in records()[name].fields})


def _later(written: str) -> Callable[[], types.Type]:
    return lambda: parse_type(written)


@cache
def parse_type(written: str) -> types.Type:
    """Return the CEL type of a type's name. Raises `ValueError` with the known names."""
    name, bracket, rest = written.strip().partition("(")
    if bracket:
        return _parameterised(name.strip(), rest, written)
    if name in _SCALARS:
        return _SCALARS[name]
    if name in records():
        return record_type(name)
    raise ValueError(f"`{written}` is no type; known: {', '.join(_SCALARS)}, list(T), map(string, T)")


def _parameterised(name: str, rest: str, written: str) -> types.Type:
    if not rest.endswith(")"):
        raise ValueError(f"`{written}` has no closing bracket")
    inner = rest[:-1]
    if name == "list":
        return types.list_of(parse_type(inner))
    key, comma, value = inner.partition(",")
    if name == "map" and comma:
        return types.map_of(parse_type(key), parse_type(value))
    raise ValueError(f"`{written}` is no type; write list(T) or map(string, T)")


def fits(value: Any, kind: types.Type) -> bool:
    """Tell whether a plain value of a document is of a scalar, list or map type."""
    match kind.kind:
        case "string":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "list":
            return isinstance(value, list | tuple) and all(fits(item, kind.parameters[0]) for item in value)
        case "map":
            return isinstance(value, Mapping) and all(
                isinstance(key, str) and fits(item, kind.parameters[1]) for key, item in value.items()
            )
        case "dyn":
            return True
        case _:
            return False


def converted(value: Any, kind: types.Type) -> Any:
    """Return a fitting value as CEL needs it: whole numbers become doubles where the type says so."""
    if kind.kind == "double":
        return float(value)
    if kind.kind == "list":
        return tuple(converted(item, kind.parameters[0]) for item in value)
    if kind.kind == "map":
        return {key: converted(item, kind.parameters[1]) for key, item in value.items()}
    return value
