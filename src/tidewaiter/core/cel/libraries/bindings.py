"""`cel.bind(name, value, expression)` (google/cel-go: ext/bindings.go)."""

from __future__ import annotations

from tidewaiter.core.cel.ast import Bind, Ident, Node
from tidewaiter.core.cel.declarations import Library
from tidewaiter.core.cel.macros import Macro, MacroCall


def _bind(call: MacroCall) -> Node | None:
    target = call.operand()
    if not isinstance(target, Ident) or target.name != "cel":
        return None
    return Bind(call.offset, call.variable(0), call.args[1], call.args[2])


LIBRARY = Library(id="bindings", macros=(Macro("bind", 3, True, _bind),))
