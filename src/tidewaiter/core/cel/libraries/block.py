"""`cel.block([a, b], e)` with `cel.index(n)`: common sub-expressions by number, as optimisers write them (cel-spec: block_ext)."""

from __future__ import annotations

from tidewaiter.core.cel.ast import Bind, Ident, ListLiteral, Literal, Node
from tidewaiter.core.cel.declarations import Library
from tidewaiter.core.cel.macros import Macro, MacroCall, MacroError


def _is_cel(call: MacroCall) -> bool:
    target = call.operand()
    return isinstance(target, Ident) and target.name == "cel"


def _block(call: MacroCall) -> Node | None:
    if not _is_cel(call):
        return None
    parts = call.args[0]
    if not isinstance(parts, ListLiteral) or parts.optional:
        raise MacroError("`cel.block` needs a list literal", parts.offset)
    body = call.args[1]
    for number, part in reversed(tuple(enumerate(parts.elements))):
        body = Bind(part.offset, f"@index{number}", part, body)
    return body


def _numbers(call: MacroCall) -> str:
    numbers = [arg.value for arg in call.args if isinstance(arg, Literal) and type(arg.value) is int and arg.value >= 0]
    if len(numbers) != len(call.args):
        raise MacroError("the arguments must be int literals of at least 0", call.offset)
    return ":".join(str(number) for number in numbers)


def _index(call: MacroCall) -> Node | None:
    return Ident(call.offset, f"@index{_numbers(call)}") if _is_cel(call) else None


def _variable(call: MacroCall) -> Node | None:
    return Ident(call.offset, f"@it:{_numbers(call)}") if _is_cel(call) else None


LIBRARY = Library(
    id="block",
    macros=(
        Macro("block", 2, True, _block),
        Macro("index", 1, True, _index),
        Macro("iterVar", 2, True, _variable),
        Macro("accuVar", 2, True, _variable),
    ),
)
