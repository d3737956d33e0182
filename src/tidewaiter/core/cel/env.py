"""The environment of expressions: declared variables, functions, macros and the switches of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.dispatch import Dispatcher
from tidewaiter.core.cel.libraries import DEFAULT
from tidewaiter.core.cel.macros import Macros
from tidewaiter.core.cel.operators import OPERATORS
from tidewaiter.core.cel.values import TypeValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidewaiter.core.cel.declarations import Function, Library, MessageType, Overload

_DENOTED: dict[str, types.Type] = {
    "int": types.INT,
    "uint": types.UINT,
    "double": types.DOUBLE,
    "bool": types.BOOL,
    "string": types.STRING,
    "bytes": types.BYTES,
    "list": types.list_of(),
    "map": types.map_of(types.DYN),
    "null_type": types.NULL,
    "type": types.type_of(),
    "optional_type": types.optional_of(),
    "google.protobuf.Timestamp": types.TIMESTAMP,
    "google.protobuf.Duration": types.DURATION,
}


class Environment:
    """Everything that gives the names of an expression a meaning. Immutable; may be shared by threads.

    `variables` maps names (which may be qualified, `a.b`) to types. `functions` are added to those of `libraries`; a
    function of a known name gets the further overloads. `constants` maps names to `(type, value)`.
    `homogeneous_literals`: elements of a list literal, and values of a map literal, must have one type (as in
    Kubernetes). `strict_fields`: a field that a record type does not declare is an error, else it is dyn.
    `check_literals`: constant patterns, timestamps and durations are checked when compiling. `container`: the namespace
    in which names are looked up first. `check`: False turns type errors off; names are then resolved at run time.
    """

    def __init__(
        self,
        *,
        variables: Mapping[str, types.Type] | None = None,
        functions: Iterable[Function] = (),
        libraries: Iterable[Library] = DEFAULT,
        constants: Mapping[str, tuple[types.Type, Any]] | None = None,
        homogeneous_literals: bool = True,
        strict_fields: bool = True,
        check_literals: bool = True,
        check: bool = True,
        container: str = "",
    ) -> None:
        chosen = tuple(libraries)
        self.variables = dict(variables or {})
        self.homogeneous_literals = homogeneous_literals
        self.strict_fields = strict_fields
        self.check_literals = check_literals
        self.check = check
        self.macros = Macros(macro for library in chosen for macro in library.macros)
        self.messages: dict[str, MessageType] = {
            message.name: message for library in chosen for message in library.messages
        }
        self.constants: dict[str, tuple[types.Type, Any]] = {
            name: (types.type_of(kind), TypeValue(name)) for name, kind in _DENOTED.items()
        }
        for library in chosen:
            self.constants.update(library.constants)
        self.constants.update(constants or {})
        self.functions = _merged((*OPERATORS, *(f for library in chosen for f in library.functions), *functions))
        self.member_names = frozenset(
            f.name for f in self.functions.values() if any(overload.is_member for overload in f.overloads)
        )
        self._prefixes = _prefixes(container)
        self._dispatchers: dict[tuple[str, bool, int], Dispatcher] = {}

    def candidates(self, name: str) -> tuple[str, ...]:
        """Return the full names that a written name may stand for, the most specific first."""
        if name.startswith("."):
            return (name[1:],)
        return tuple(prefix + name for prefix in self._prefixes)

    def function(self, name: str) -> Function | None:
        """Return the function that a written name stands for, or None."""
        for candidate in self.candidates(name):
            if candidate in self.functions:
                return self.functions[candidate]
        return None

    def overloads(self, function: Function, count: int, *, is_member: bool) -> tuple[Overload, ...]:
        """Return the overloads that take this number of arguments, the target of a member call included."""
        return tuple(
            overload
            for overload in function.overloads
            if overload.is_member == is_member
            and (len(overload.parameters) == count or (overload.variadic and 1 <= len(overload.parameters) <= count))
        )

    def dispatcher(self, function: Function, count: int, *, is_member: bool) -> Dispatcher:
        """Return the run-time choice among the overloads of a call; one per function, form and number of arguments."""
        key = (function.name, is_member, count)
        found = self._dispatchers.get(key)
        if found is None:
            overloads = self.overloads(function, count, is_member=is_member)
            found = self._dispatchers.setdefault(key, Dispatcher(function.name, overloads))
        return found


def _prefixes(container: str) -> tuple[str, ...]:
    parts = container.split(".") if container else []
    return (*(f"{'.'.join(parts[:count])}." for count in range(len(parts), 0, -1)), "")


def _merged(functions: Iterable[Function]) -> dict[str, Function]:
    merged: dict[str, Function] = {}
    for function in functions:
        known = merged.get(function.name)
        if known is None:
            merged[function.name] = function
            continue
        merged[function.name] = type(function)(
            function.name,
            (*known.overloads, *function.overloads),
            known.foldable and function.foldable,
            known.check_constant or function.check_constant,
        )
    return merged
