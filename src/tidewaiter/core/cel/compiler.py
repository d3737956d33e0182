"""Checked tree -> nested Python closures over a frame.

Closures are specialised where that saves work: chains of fields from a variable are read in one closure, comparisons
with a constant need no dispatch, constant calls are computed once. Fixed costs are summed per *block* (a part that is
entered or not as a whole) and charged on entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel import ast, cost
from tidewaiter.core.cel.closures_logic import logic, logic_of_two
from tidewaiter.core.cel.closures_names import checked_read, field_of, has, slot_field, variable, variable_field
from tidewaiter.core.cel.compile_calls import CallCompiler
from tidewaiter.core.cel.compile_loops import LoopCompiler
from tidewaiter.core.cel.equality import build_map
from tidewaiter.core.cel.runtime import (
    FIRST_SLOT,
    Closure,
    Frame,
    after,
    charge,
    not_bool,
    optional_field,
    optional_index,
    present,
    read_index,
    strict,
)
from tidewaiter.core.cel.values import FAILED, CelError, Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.core.cel.env import Environment
    from tidewaiter.core.cel.scope import Checked


class Compiler(CallCompiler, LoopCompiler):
    """Compiles one checked expression. `slots` is the number of frame slots that the program needs."""

    def __init__(self, checked: Checked, environment: Environment) -> None:
        self.checked = checked
        self.environment = environment
        self.scope = []
        self.slots = 0
        self.block = 0
        self.constants = {}
        self._handlers: dict[type[ast.Node], Callable[[Any], Closure]] = {
            ast.Literal: self.literal,
            ast.Ident: self.ident,
            ast.Select: self.select,
            ast.Index: self.index,
            ast.Call: self.call,
            ast.Logical: self.logical,
            ast.Conditional: self.conditional,
            ast.ListLiteral: self.list_literal,
            ast.MapLiteral: self.map_literal,
            ast.MessageLiteral: self.message_literal,
            ast.Comprehension: self.comprehension,
            ast.Bind: self.bind,
            ast.OptionalMap: self.optional_map,
        }

    def compile(self, node: ast.Node) -> Closure:
        """Return the closure of a node and add its fixed cost to the current block."""
        return self._handlers[type(node)](node)

    def compile_block(self, node: ast.Node) -> tuple[Closure, int]:
        """Return the closure of a part that is entered as a whole, and its fixed cost."""
        outer, self.block = self.block, 0
        closure = self.compile(node)
        spent, self.block = self.block, outer
        return closure, spent

    def constant(self, node: ast.Node, value: Any) -> Closure:
        """Return a closure that yields a constant and remember that this node is one."""
        self.constants[node] = value
        return lambda _: value

    # -- names and fields --------------------------------------------------------------------------------------------

    def literal(self, node: ast.Literal) -> Closure:
        """Compile a constant of the language."""
        return self.constant(node, node.value)

    def ident(self, node: ast.Ident) -> Closure:
        """Compile a name."""
        if node in self.checked.constants:
            return self.constant(node, self.checked.constants[node])
        return checked_read(self.raw(node))

    def raw(self, node: ast.Node) -> Closure:
        """Return a closure that may return an error or unknown from the data, for use by a reader that copes with it."""
        if isinstance(node, ast.Ident) and node not in self.checked.variables and node not in self.checked.constants:
            self.block += cost.NAME
            slot = self.slot(node.name)
            return lambda frame: frame[slot]
        if node in self.checked.variables:
            self.block += cost.NAME
            return variable(self.checked.variables[node], node.offset)
        if isinstance(node, ast.Select) and not node.test and not node.optional and node not in self.checked.constants:
            self.block += cost.SELECT
            return self.field(node)
        return self.compile(node)

    def field(self, node: ast.Select) -> Closure:
        """Return the raw reader of a field, in one closure where the operand is a plain variable."""
        operand = node.operand
        outer = self.raw(operand)
        if isinstance(operand, ast.Ident) and operand not in self.checked.constants:
            names = self.checked.variables.get(operand)
            if names is None:
                return slot_field(self.slot(operand.name), node.field, node.offset)
            if len(names) == 1:
                return variable_field(names[0], outer, node.field, node.offset)
        return field_of(outer, node.field, node.offset)

    def slot(self, name: str) -> int:
        """Return the frame slot of the innermost variable of this name."""
        for known, slot in reversed(self.scope):
            if known == name:
                return slot
        raise AssertionError(name)

    def enter(self, name: str) -> int:
        """Give a macro's variable a slot of its own and put it in scope."""
        slot = FIRST_SLOT + self.slots
        self.slots += 1
        self.scope.append((name, slot))
        return slot

    def select(self, node: ast.Select) -> Closure:
        """Compile `a.b`, `a.?b`, `has(a.b)`."""
        if node in self.checked.constants:
            return self.constant(node, self.checked.constants[node])
        if node.test:
            return has(self.raw(node.operand), node.field, node.offset)
        if node.optional:
            operand, field, offset = self.raw(node.operand), node.field, node.offset
            self.block += cost.SELECT
            return checked_read(lambda frame: optional_field(operand(frame), field, offset))
        return checked_read(self.raw(node))

    def index(self, node: ast.Index) -> Closure:
        """Compile `a[i]` and `a[?i]`."""
        operand, index = self.compile(node.operand), self.compile(node.index)
        self.block += cost.INDEX
        offset = node.offset
        read = optional_index if node.optional else read_index
        fast = isinstance(self.constants.get(node.index), str) and not node.optional

        def run(frame: Frame) -> Any:
            try:
                value = operand(frame)
            except Failure as failure:
                raise after(failure, frame, (index,)) from None
            key = index(frame)
            if fast and type(value) is dict and key in value:
                found = value[key]
            else:
                try:
                    if type(key) is not str and type(value) is not list:
                        charge(frame, cost.lookup_cost(value, key) if isinstance(value, Mapping) else 0)
                    found = read(value, key)
                except Failure as failure:
                    raise failure.at(offset) from None
            if type(found) in FAILED:
                raise Failure(found)
            return found

        return run

    # -- logic -------------------------------------------------------------------------------------------------------

    def logical(self, node: ast.Logical) -> Closure:
        """Compile a chain of `&&` or `||`."""
        decisive = node.operator == "||"
        first = self.compile(node.terms[0])
        rest = [self.compile_block(term) for term in node.terms[1:]]
        if len(rest) == 1:
            return logic_of_two(first, *rest[0], decisive=decisive, offset=node.offset)
        return logic(((first, 0), *rest), decisive=decisive, offset=node.offset)

    def conditional(self, node: ast.Conditional) -> Closure:
        """Compile `c ? a : b`; only the branch taken is evaluated."""
        condition = self.compile(node.condition)
        then, then_cost = self.compile_block(node.then)
        otherwise, otherwise_cost = self.compile_block(node.otherwise)
        offset = node.offset

        def run(frame: Frame) -> Any:
            chosen = condition(frame)
            if chosen is True:
                frame[1] -= then_cost
                return then(frame)
            if chosen is False:
                frame[1] -= otherwise_cost
                return otherwise(frame)
            raise not_bool(chosen, offset)

        return run

    # -- literals ----------------------------------------------------------------------------------------------------

    def list_literal(self, node: ast.ListLiteral) -> Closure:
        """Compile a list literal; one of constants only is built once."""
        parts = tuple(self.compile(element) for element in node.elements)
        self.block += cost.LIST
        optional = node.optional
        if not optional and all(element in self.constants for element in node.elements):
            return self.constant(node, [self.constants[element] for element in node.elements])
        if not optional:
            return lambda frame: strict(parts, frame)

        def run(frame: Frame) -> Any:
            items: list[Any] = []
            for place, value in enumerate(strict(parts, frame)):
                if place not in optional:
                    items.append(value)
                elif present(value, node.offset):
                    items.append(value.value)
            return items

        return run

    def entries(self, entries: tuple[ast.Entry, ...]) -> Callable[[Frame], list[tuple[Any, Any]]]:
        """Return a closure that evaluates entries to pairs, leaving out absent optional ones."""
        parts = tuple(closure for entry in entries for closure in (self.compile(entry.key), self.compile(entry.value)))
        optional = tuple(entry.optional for entry in entries)
        offsets = tuple(entry.offset for entry in entries)

        def run(frame: Frame) -> list[tuple[Any, Any]]:
            flat = strict(parts, frame)
            pairs: list[tuple[Any, Any]] = []
            for place, (key, value) in enumerate(zip(flat[::2], flat[1::2], strict=True)):
                if not optional[place]:
                    pairs.append((key, value))
                elif present(value, offsets[place]):
                    pairs.append((key, value.value))
            return pairs

        return run

    def map_literal(self, node: ast.MapLiteral) -> Closure:
        """Compile a map literal."""
        entries = self.entries(node.entries)
        self.block += cost.MAP
        offset = node.offset

        def run(frame: Frame) -> Any:
            try:
                return build_map(entries(frame))
            except Failure as failure:
                raise failure.at(offset) from None

        return run

    def message_literal(self, node: ast.MessageLiteral) -> Closure:
        """Compile a message literal; the message type builds the value."""
        entries = self.entries(node.entries)
        self.block += cost.MESSAGE
        message = self.checked.messages.get(node)
        offset = node.offset

        def run(frame: Frame) -> Any:
            if message is None:
                raise Failure(CelError(f"unknown type `{node.name}`", offset))
            try:
                return message.build(dict(entries(frame)))
            except Failure as failure:
                raise failure.at(offset) from None

        return run
