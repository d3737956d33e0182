"""Macros: calls that the parser rewrites. A library may bring its own; these are the machinery and the standard ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tidewaiter.core.cel.ast import Call, Comprehension, Ident, Node, Select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class MacroError(ValueError):
    """A macro used in a way that has no meaning, with the offset of the offending argument."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class MacroCall(msgspec.Struct, frozen=True):
    """What an expander sees: the place, the target of a member call, and the arguments."""

    offset: int
    target: Node | None
    args: tuple[Node, ...]

    def variable(self, place: int) -> str:
        """Return the argument at this place as a simple variable name. Raises `MacroError` when it is anything else."""
        node = self.args[place]
        if isinstance(node, Ident) and not node.name.startswith("."):
            return node.name
        raise MacroError("the argument must be a simple variable name", node.offset)

    def operand(self) -> Node:
        """Return the target of a member macro."""
        assert self.target is not None
        return self.target


class Macro(msgspec.Struct, frozen=True):
    """One macro: name, number of arguments, whether it is called on a target, and the function that rewrites it.

    The function returns None when the call is not this macro after all (`bind` on another target than `cel`).
    """

    name: str
    arity: int
    is_member: bool
    expand: Callable[[MacroCall], Node | None]


class Macros:
    """The macros of an environment, looked up by name, kind of call and number of arguments."""

    def __init__(self, macros: Iterable[Macro] = ()) -> None:
        self._macros = {(macro.name, macro.is_member, macro.arity): macro for macro in macros}

    def expand(self, offset: int, name: str, target: Node | None, args: tuple[Node, ...]) -> Node:
        """Return the rewritten call, or the plain call node."""
        macro = self._macros.get((name, target is not None, len(args)))
        if macro is not None:
            node = macro.expand(MacroCall(offset, target, args))
            if node is not None:
                return node
        return Call(offset, name, target, args)


def _has(call: MacroCall) -> Node:
    node = call.args[0]
    if isinstance(node, Select) and not node.test and not node.optional:
        return Select(node.offset, node.operand, node.field, test=True)
    raise MacroError("`has()` needs a field selection such as `a.b`", node.offset)


def _distinct(call: MacroCall) -> tuple[str, str]:
    first, second = call.variable(0), call.variable(1)
    if first == second:
        raise MacroError("the two variables must have different names", call.args[1].offset)
    return first, second


def predicate(kind: str) -> Callable[[MacroCall], Node]:
    """Return the expander of `e.kind(x, condition)`."""

    def expand(call: MacroCall) -> Node:
        return Comprehension(call.offset, kind, call.operand(), call.variable(0), None, call.args[1], None)

    return expand


def predicate_of_two(kind: str) -> Callable[[MacroCall], Node]:
    """Return the expander of `e.kind(i, v, condition)`."""

    def expand(call: MacroCall) -> Node:
        first, second = _distinct(call)
        return Comprehension(call.offset, kind, call.operand(), first, second, call.args[2], None)

    return expand


def transform_of_two(kind: str) -> Callable[[MacroCall], Node]:
    """Return the expander of `e.kind(i, v, [condition,] result)`."""

    def expand(call: MacroCall) -> Node:
        first, second = _distinct(call)
        condition = call.args[2] if len(call.args) == 4 else None
        return Comprehension(call.offset, kind, call.operand(), first, second, condition, call.args[-1])

    return expand


def _map(call: MacroCall) -> Node:
    condition = call.args[1] if len(call.args) == 3 else None
    return Comprehension(call.offset, "map", call.operand(), call.variable(0), None, condition, call.args[-1])


STANDARD: tuple[Macro, ...] = (
    Macro("has", 1, False, _has),
    Macro("all", 2, True, predicate("all")),
    Macro("exists", 2, True, predicate("exists")),
    Macro("exists_one", 2, True, predicate("exists_one")),
    Macro("existsOne", 2, True, predicate("exists_one")),
    Macro("filter", 2, True, predicate("filter")),
    Macro("map", 2, True, _map),
    Macro("map", 3, True, _map),
)
"""The macros of the language definition."""
