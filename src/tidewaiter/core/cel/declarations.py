"""What an environment is made of: functions with overloads, messages, and libraries that bundle them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tidewaiter.core.cel.macros import Macro
    from tidewaiter.core.cel.types import Type


class Overload(msgspec.Struct, frozen=True):
    """One signature of a function with its implementation.

    `parameters` includes the target of a member function first. `implementation` gets CEL values and returns one; it
    may raise `values.Failure` or return a `CelError` or `Unknown`. It never sees an error or unknown as an argument
    unless `non_strict` is set. `cost` gives, before the call and from the same arguments, what the call costs beyond the
    one unit of every call. `variadic` repeats the last parameter. Overloads are told apart at run time by the outer type
    of their arguments (`list`, not `list(int)`).
    """

    parameters: tuple[Type, ...]
    result: Type
    implementation: Callable[..., Any]
    is_member: bool = False
    cost: Callable[..., int] | None = None
    variadic: bool = False
    non_strict: bool = False


class Function(msgspec.Struct, frozen=True):
    """A function by its name (which may be qualified: `math.greatest`) and its overloads.

    `foldable`: calls with constant arguments may be computed once, when the expression is compiled.
    `check_constant`: given the arguments of a call, with None for each that is no constant string, returns what is wrong
    with them or None; a wrong constant is a compile error.
    """

    name: str
    overloads: tuple[Overload, ...]
    foldable: bool = False
    check_constant: Callable[[tuple[str | None, ...]], str | None] | None = None


class MessageType(msgspec.Struct, frozen=True):
    """A type that `Name{field: value}` builds: its fields (None = any) and the function from the fields to the value."""

    name: str
    result: Type
    build: Callable[[Mapping[str, Any]], Any]
    fields: Mapping[str, Type] | None = None


class Library(msgspec.Struct, frozen=True):
    """A named set of functions, macros, constants (`name -> (type, value)`) and messages."""

    id: str
    functions: tuple[Function, ...] = ()
    macros: tuple[Macro, ...] = ()
    constants: Mapping[str, tuple[Type, Any]] = msgspec.field(default_factory=dict)
    messages: tuple[MessageType, ...] = ()
    tags: frozenset[str] = frozenset()


def function(name: str, *overloads: Overload, check: Callable[..., str | None] | None = None) -> Function:
    """Return a pure function of a library: foldable, with an optional check of constant arguments."""
    return Function(name, overloads, foldable=True, check_constant=check)


def member(
    parameters: tuple[Type, ...],
    result: Type,
    implementation: Callable[..., Any],
    cost: Callable[..., int] | None = None,
) -> Overload:
    """Return an overload called on its first parameter."""
    return Overload(parameters, result, implementation, is_member=True, cost=cost)


def plain(
    parameters: tuple[Type, ...],
    result: Type,
    implementation: Callable[..., Any],
    cost: Callable[..., int] | None = None,
) -> Overload:
    """Return an overload called by name."""
    return Overload(parameters, result, implementation, cost=cost)
