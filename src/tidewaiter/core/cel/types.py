"""CEL's static types. The checker is gradual: `DYN` fits everywhere, declared record types are checked.

Build types with the constants `INT`, `STRING` … and the functions `list_of`, `map_of`, `optional_of`, `type_of` and
`opaque`; `list` and `map` are offered under these names too because that is how CEL writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Type:
    """A static type: a kind (`int`, `list`, `opaque` …), a name and parameters. Equality is structural."""

    __slots__ = ("kind", "name", "parameters")

    def __init__(self, kind: str, name: str | None = None, parameters: tuple[Type, ...] = ()) -> None:
        self.kind = kind
        self.name = kind if name is None else name
        self.parameters = parameters

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Type)
            and self.kind == other.kind
            and self.name == other.name
            and self.parameters == other.parameters
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.name, self.parameters))

    def __str__(self) -> str:
        if not self.parameters:
            return self.name
        return f"{self.name}({', '.join(str(parameter) for parameter in self.parameters)})"

    def __repr__(self) -> str:
        return f"<{self}>"


class RecordType(Type):
    """A record with declared fields: reading any other field is a compile error with a suggestion.

    `fields` maps a field's name to its type, or to a callable without arguments that returns it (for records that
    refer to each other). At run time a record is a mapping; a `dict` subclass with `__missing__` computes fields lazily.
    Two record types are the same when their names are.
    """

    __slots__ = ("_fields",)

    def __init__(self, name: str, fields: Mapping[str, Type | Callable[[], Type]]) -> None:
        super().__init__("record", name)
        self._fields = fields

    def field(self, name: str) -> Type | None:
        """Return the type of a field, or None when the record has no such field."""
        declared = self._fields.get(name)
        return declared if declared is None or isinstance(declared, Type) else declared()

    def field_names(self) -> tuple[str, ...]:
        """Return the names of all fields in declaration order."""
        return tuple(self._fields)


INT = Type("int")
UINT = Type("uint")
DOUBLE = Type("double")
BOOL = Type("bool")
STRING = Type("string")
BYTES = Type("bytes")
NULL = Type("null", "null_type")
TIMESTAMP = Type("timestamp", "google.protobuf.Timestamp")
DURATION = Type("duration", "google.protobuf.Duration")
DYN = Type("dyn")


def list_of(element: Type = DYN) -> Type:
    """Return the type of lists of this element type."""
    return Type("list", None, (element,))


def map_of(key: Type = STRING, value: Type = DYN) -> Type:
    """Return the type of maps from this key type to this value type."""
    return Type("map", None, (key, value))


def optional_of(inner: Type = DYN) -> Type:
    """Return the type of optional values of this type."""
    return Type("optional", "optional_type", (inner,))


def type_of(denoted: Type = DYN) -> Type:
    """Return the type of the type value that denotes this type."""
    return Type("type", None, (denoted,))


def opaque(name: str, *parameters: Type) -> Type:
    """Return the type of a library's own values; the values are subclasses of `values.Opaque` with the same name."""
    return Type("opaque", name, parameters)


def parameter(name: str) -> Type:
    """Return a type parameter for the signatures of generic functions."""
    return Type("parameter", name)


list = list_of  # noqa: A001 - CEL's own spelling, meant to be read as `types.list(...)`
map = map_of  # noqa: A001 - likewise

NUMERIC: frozenset[str] = frozenset({"int", "uint", "double"})
"""Kinds that compare with each other by value."""

NULLABLE: frozenset[str] = frozenset({"record", "opaque", "optional", "timestamp", "duration"})
"""Kinds to which null may be assigned."""
