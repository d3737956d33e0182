"""The values of CEL that Python lacks, and the two outcomes of an evaluation that are not a value of the language.

Python's `bool`, `int`, `float`, `str`, `bytes`, `None`, lists or tuples and mappings are CEL values as they are. An
`int` is CEL's 64-bit `int`; `UInt` is its `uint`. Times are whole nanoseconds. `CelError` and `Unknown` are returned
by an evaluation, never raised; inside the engine they travel as `Failure`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

INT_MIN = -(2**63)
INT_MAX = 2**63 - 1
UINT_MAX = 2**64 - 1
NANOS = 1_000_000_000
"""Nanoseconds in a second."""


class UInt(int):
    """An unsigned 64-bit integer. The constructor does not check the range; the engine's arithmetic does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{int(self)}u"


class Timestamp(msgspec.Struct, frozen=True, order=True):
    """A point in time in nanoseconds since 1970-01-01T00:00:00Z, in the years 1 to 9999."""

    ns: int
    MIN_SECONDS: ClassVar[int] = -62135596800
    MAX_SECONDS: ClassVar[int] = 253402300799


class Duration(msgspec.Struct, frozen=True, order=True):
    """A signed span of time in nanoseconds that fits 64 bits: at most about 292 years."""

    ns: int


class TypeValue(msgspec.Struct, frozen=True):
    """A CEL type as a value, as `type(x)` yields it, for example `TypeValue("int")`."""

    name: str


class Optional(msgspec.Struct, frozen=True):
    """A value that may be absent: `present` tells, `value` is meaningless when it is not."""

    present: bool
    value: Any = None


NONE = Optional(False)
"""The absent optional."""


class Opaque:
    """Base of values of a library's own types (a quantity, an address).

    A subclass sets `cel_type_name` to the name that its declared `types.opaque(name)` carries, defines `__eq__` and
    `__hash__`, and, where `<` and its kin shall work between its values, sets `ordered` and defines them.
    """

    __slots__ = ()
    cel_type_name: ClassVar[str] = "opaque"
    ordered: ClassVar[bool] = False


class CelError(msgspec.Struct, frozen=True):
    """The outcome "this expression failed": what happened, and the offset in the source where it is known."""

    message: str
    offset: int | None = None

    def __str__(self) -> str:
        return self.message


class Unknown(msgspec.Struct, frozen=True):
    """The outcome "this could not be looked at", with every reason that contributed, in order, each once."""

    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return "; ".join(self.reasons)

    @classmethod
    def merged(cls, unknowns: Iterable[Unknown]) -> Unknown:
        """Return one unknown with the union of the reasons in order of appearance."""
        return cls(tuple(dict.fromkeys(reason for unknown in unknowns for reason in unknown.reasons)))


class Failure(Exception):  # noqa: N818 - an unknown is not an error, so the name says neither
    """Carries a `CelError` or an `Unknown` through the engine; functions of a library may raise it."""

    def __init__(self, value: CelError | Unknown) -> None:
        super().__init__(value)
        self.value = value

    def at(self, offset: int) -> Failure:
        """Return the same failure with the offset, unless it is an unknown or already has one."""
        value = self.value
        if isinstance(value, CelError) and value.offset is None:
            return Failure(CelError(value.message, offset))
        return self


class Exhausted(Exception):  # noqa: N818 - aborts an evaluation as a whole; nothing absorbs it
    """The cost limit is used up."""


def fail(message: str) -> Failure:
    """Return a failure to raise from a function's implementation; the engine adds the place."""
    return Failure(CelError(message))


FAILED: frozenset[type] = frozenset({CelError, Unknown})
"""The classes that end the reading of a variable or field."""


def checked_int(value: int) -> int:
    """Return the int when it fits 64 bits, else fail with an overflow."""
    if INT_MIN <= value <= INT_MAX:
        return value
    raise fail("integer overflow")


def checked_uint(value: int) -> UInt:
    """Return the uint when it fits 64 bits, else fail with an overflow."""
    if 0 <= value <= UINT_MAX:
        return UInt(value)
    raise fail("unsigned integer overflow")


def checked_timestamp(ns: int) -> Timestamp:
    """Return the timestamp when its year is 1 to 9999, else fail."""
    if Timestamp.MIN_SECONDS <= ns // NANOS <= Timestamp.MAX_SECONDS:
        return Timestamp(ns)
    raise fail("timestamp out of range")


def checked_duration(ns: int) -> Duration:
    """Return the duration when it is within the range of a CEL duration, else fail."""
    if INT_MIN <= ns <= INT_MAX:
        return Duration(ns)
    raise fail("duration out of range")
