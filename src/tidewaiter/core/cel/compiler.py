"""Checked tree -> nested Python closures over a frame.

Closures are specialised where that saves work: chains of fields from a variable are read in one closure, comparisons
with a constant need no dispatch, constant calls are computed once. Fixed costs are summed per *block* (a part that is
entered or not as a whole) and charged on entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel import ast, cost
from tidewaiter.core.cel.compile_calls import CallCompiler
from tidewaiter.core.cel.compile_loops import LoopCompiler
from tidewaiter.core.cel.equality import build_map
from tidewaiter.core.cel.runtime import (
    FIRST_SLOT,
    VALUES,
    Closure,
    Frame,
    after,
    has_field,
    merged,
    not_bool,
    optional_field,
    optional_index,
    read_field,
    read_index,
)
from tidewaiter.core.cel.values import FAILED, CelError, Failure, Optional

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
            return field_chain(self, node)
        return self.compile(node)

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


def strict(parts: tuple[Closure, ...], frame: Frame) -> list[Any]:
    """Evaluate all parts; a failure of one fails all, an unknown among them wins."""
    values: list[Any] = []
    for place, part in enumerate(parts):
        try:
            values.append(part(frame))
        except Failure as failure:
            raise after(failure, frame, parts[place + 1 :]) from None
    return values


def present(value: Any, offset: int) -> bool:
    """Whether an optional entry has a value; fails when it is no optional at all."""
    if isinstance(value, Optional):
        return value.present
    raise Failure(CelError("no such overload: `?` needs an optional value", offset))


def checked_read(raw: Closure) -> Closure:
    """Return a closure that raises what a raw one may return as failed."""

    def run(frame: Frame) -> Any:
        value = raw(frame)
        if type(value) in FAILED:
            raise Failure(value)
        return value

    return run


def variable(candidates: tuple[str, ...], offset: int) -> Closure:
    """Return the raw reader of a declared variable, or of the first of several names that has a value."""
    first = candidates[0]

    def run(frame: Frame) -> Any:
        values = frame[VALUES]
        try:
            return values[first]
        except KeyError:
            for name in candidates[1:]:
                try:
                    return values[name]
                except KeyError:
                    continue
        return CelError(f"no value for `{candidates[-1]}`", offset)

    return run


def field_chain(compiler: Compiler, node: ast.Select) -> Closure:
    """Return the raw reader of `operand.field`, reading through a variable's two first steps in one closure."""
    field, offset = node.field, node.offset
    operand = node.operand
    outer = compiler.raw(operand)
    if isinstance(operand, ast.Ident) and operand not in compiler.checked.constants:
        names = compiler.checked.variables.get(operand)
        if names is None:
            slot = compiler.slot(operand.name)

            def from_slot(frame: Frame) -> Any:
                try:
                    return frame[slot][field]
                except (KeyError, TypeError):
                    return read_field(frame[slot], field, offset)

            return from_slot
        if len(names) == 1:
            name = names[0]

            def from_variable(frame: Frame) -> Any:
                try:
                    return frame[0][name][field]
                except (KeyError, TypeError):
                    return read_field(outer(frame), field, offset)

            return from_variable

    def run(frame: Frame) -> Any:
        value = outer(frame)
        try:
            return value[field]
        except (KeyError, TypeError):
            return read_field(value, field, offset)

    return run


def has(operand: Closure, field: str, offset: int) -> Closure:
    """Return the closure of `has(operand.field)`."""

    def run(frame: Frame) -> Any:
        value = operand(frame)
        if type(value) is dict:
            if field not in value:
                return False
            if type(value[field]) not in FAILED:
                return True
        return has_field(value, field, offset)

    return run


def logic_of_two(left: Closure, right: Closure, right_cost: int, *, decisive: bool, offset: int) -> Closure:
    """Return the closure of one `&&` (`decisive` False) or `||` (True)."""
    neutral = not decisive

    def run(frame: Frame) -> Any:
        try:
            first = left(frame)
        except Failure as failure:
            return _absorbed(frame, [failure], ((right, right_cost),), decisive, offset)
        if first is neutral:
            frame[1] -= right_cost
            second = right(frame)
            if second is True or second is False:
                return second
            raise not_bool(second, offset)
        if first is decisive:
            return decisive
        return _absorbed(frame, [not_bool(first, offset)], ((right, right_cost),), decisive, offset)

    return run


def logic(terms: tuple[tuple[Closure, int], ...], *, decisive: bool, offset: int) -> Closure:
    """Return the closure of a longer chain."""
    neutral = not decisive

    def run(frame: Frame) -> Any:
        for place, (term, spent) in enumerate(terms):
            frame[1] -= spent
            try:
                value = term(frame)
            except Failure as failure:
                return _absorbed(frame, [failure], terms[place + 1 :], decisive, offset)
            if value is neutral:
                continue
            if value is decisive:
                return decisive
            return _absorbed(frame, [not_bool(value, offset)], terms[place + 1 :], decisive, offset)
        return neutral

    return run


def _absorbed(
    frame: Frame, failures: list[Failure], rest: tuple[tuple[Closure, int], ...], decisive: bool, offset: int
) -> bool:
    """Finish a chain in which something failed: a decisive term still decides, else the failures add up."""
    for term, spent in rest:
        frame[1] -= spent
        try:
            value = term(frame)
        except Failure as failure:
            failures.append(failure)
            continue
        if value is decisive:
            return decisive
        if value is not (not decisive):
            failures.append(not_bool(value, offset))
    raise merged(failures)
