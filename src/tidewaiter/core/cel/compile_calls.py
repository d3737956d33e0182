"""The part of the compiler that makes closures of calls and operators."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel import ast, cost
from tidewaiter.core.cel.closures_arithmetic import arithmetic, negation
from tidewaiter.core.cel.closures_compare import equality, equality_with, membership, membership_in, order
from tidewaiter.core.cel.runtime import BUDGET, PYTHON_ERRORS, Closure, Frame, after, charge
from tidewaiter.core.cel.values import FAILED, CelError, Exhausted, Failure, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tidewaiter.core.cel.dispatch import Dispatcher
    from tidewaiter.core.cel.env import Environment
    from tidewaiter.core.cel.scope import Checked

_FOLD_LIMIT = 10_000
"""What a call with constant arguments may cost to be computed when compiling."""

_CONSTANT_KINDS = (str, int, float, bytes, type(None))


class CallCompiler(ABC):
    """Mixin of `Compiler`: calls."""

    checked: Checked
    environment: Environment
    constants: dict[ast.Node, Any]
    block: int

    @abstractmethod
    def compile(self, node: ast.Node) -> Closure:
        """Return the closure of a node; the compiler implements it."""

    @abstractmethod
    def constant(self, node: ast.Node, value: Any) -> Closure:
        """Return the closure of a constant; the compiler implements it."""

    def call(self, node: ast.Call) -> Closure:
        """Compile a call of any form; pure calls over constants are computed once."""
        name = node.function
        if name in {"_==_", "_!=_"}:
            return self.compared(node, negated=name == "_!=_")
        if name in {"_<_", "_<=_", "_>_", "_>=_"}:
            left, right = (self.compile(arg) for arg in node.args)
            self.block += cost.CALL
            return order(name[1:-1], left, right, node.offset)
        if name == "@in":
            return self.contained(node)
        return self.function(node)

    def compared(self, node: ast.Call, *, negated: bool) -> Closure:
        """Compile `==` or `!=`, cheaper against a constant."""
        left, right = (self.compile(arg) for arg in node.args)
        self.block += cost.CALL
        for side, other in ((node.args[1], left), (node.args[0], right)):
            if side in self.constants and isinstance(self.constants[side], _CONSTANT_KINDS):
                value = self.constants[side]
                self.block += (len(value) + 9) // 10 if isinstance(value, (str, bytes)) else 0
                return equality_with(other, value, negated=negated)
        return equality(left, right, negated=negated)

    def contained(self, node: ast.Call) -> Closure:
        """Compile `in`, with a set when the list is constant and of strings."""
        left, right = (self.compile(arg) for arg in node.args)
        self.block += cost.CALL
        items = self.constants.get(node.args[1])
        if isinstance(items, list) and all(type(item) is str for item in items):
            self.block += len(items)
            return membership_in(left, items)
        return membership(left, right, node.offset)

    def function(self, node: ast.Call) -> Closure:
        """Compile a call that is chosen by the types of its arguments."""
        namespaced = node in self.checked.namespaced
        parts = node.args if namespaced else ast.children(node)
        closures = tuple(self.compile(part) for part in parts)
        self.block += cost.CALL
        declared = self.checked.functions.get(node)
        offset = node.offset
        if declared is None:
            return _missing(node.function, closures, offset)
        is_member = node.target is not None and not namespaced
        dispatcher = self.environment.dispatcher(declared, len(closures), is_member=is_member)
        closure = _called(dispatcher, closures, offset)
        if declared.foldable and parts and all(part in self.constants for part in parts):
            frame: Frame = [{}, _FOLD_LIMIT]
            try:
                value = closure(frame)
            except (Failure, Exhausted):
                return closure
            self.block += _FOLD_LIMIT - frame[BUDGET]
            return self.constant(node, value)

        def general(args: list[Any], frame: Frame) -> Any:
            return _invoked(dispatcher, args, frame, offset)

        if declared.name in {"_+_", "_-_", "_*_"} and len(closures) == 2:
            return arithmetic(declared.name, *closures, general)
        if declared.name == "!_":
            return negation(closures[0], general)
        return closure


def _missing(name: str, closures: tuple[Closure, ...], offset: int) -> Closure:
    """Return the closure of a function that nobody declared: an error, after its arguments' failures."""

    def run(frame: Frame) -> Any:
        raise after(Failure(CelError(f"unknown function `{name}`", offset)), frame, closures)

    return run


def _called(dispatcher: Dispatcher, closures: tuple[Closure, ...], offset: int) -> Closure:
    if dispatcher.non_strict:
        return _call_non_strict(dispatcher, closures, offset)
    if len(closures) == 1:
        return _call_of_one(dispatcher, closures[0], offset)
    if len(closures) == 2:
        return _call_of_two(dispatcher, closures[0], closures[1], offset)
    return _call_of_many(dispatcher, closures, offset)


def _call_of_one(dispatcher: Dispatcher, first: Closure, offset: int) -> Closure:
    table, resolve = dispatcher.table, dispatcher.resolve

    def run(frame: Frame) -> Any:
        a = first(frame)
        try:
            implementation, spent = table.get(type(a)) or resolve(a)
            if spent is not None:
                charge(frame, spent(a))
            value = implementation(a)
        except Failure as failure:
            raise _explained(failure, (a,), offset) from None
        except PYTHON_ERRORS as error:
            raise _explained(_internal(dispatcher.name, error), (a,), offset) from None
        if type(value) in FAILED:
            raise Failure(value).at(offset)
        return value

    return run


def _call_of_two(dispatcher: Dispatcher, first: Closure, second: Closure, offset: int) -> Closure:
    table, resolve = dispatcher.table, dispatcher.resolve
    rest = (second,)

    def run(frame: Frame) -> Any:
        try:
            a = first(frame)
        except Failure as failure:
            raise after(failure, frame, rest) from None
        b = second(frame)
        try:
            implementation, spent = table.get((type(a), type(b))) or resolve(a, b)
            if spent is not None:
                charge(frame, spent(a, b))
            value = implementation(a, b)
        except Failure as failure:
            raise _explained(failure, (a, b), offset) from None
        except PYTHON_ERRORS as error:
            raise _explained(_internal(dispatcher.name, error), (a, b), offset) from None
        if type(value) in FAILED:
            raise Failure(value).at(offset)
        return value

    return run


def _call_of_many(dispatcher: Dispatcher, closures: tuple[Closure, ...], offset: int) -> Closure:
    def run(frame: Frame) -> Any:
        args: list[Any] = []
        for place, closure in enumerate(closures):
            try:
                args.append(closure(frame))
            except Failure as failure:
                raise after(failure, frame, closures[place + 1 :]) from None
        return _invoked(dispatcher, args, frame, offset)

    return run


def _call_non_strict(dispatcher: Dispatcher, closures: tuple[Closure, ...], offset: int) -> Closure:
    def value_of(closure: Callable[[Frame], Any], frame: Frame) -> Any:
        try:
            return closure(frame)
        except Failure as failure:
            return failure.value

    def run(frame: Frame) -> Any:
        args = [value_of(closure, frame) for closure in closures]
        for overload in dispatcher.overloads:
            if overload.non_strict:
                try:
                    value = overload.implementation(*args)
                except Failure as failure:
                    raise failure.at(offset) from None
                except PYTHON_ERRORS as error:
                    raise _internal(dispatcher.name, error).at(offset) from None
                if type(value) in FAILED:
                    raise Failure(value).at(offset)
                return value
        raise AssertionError(dispatcher.name)

    return run


def _invoked(dispatcher: Dispatcher, args: list[Any], frame: Frame, offset: int) -> Any:
    try:
        implementation, spent = dispatcher.table.get(
            type(args[0]) if len(args) == 1 else tuple(map(type, args))
        ) or dispatcher.resolve(*args)
        if spent is not None:
            charge(frame, spent(*args))
        value = implementation(*args)
    except Failure as failure:
        raise _explained(failure, args, offset) from None
    except PYTHON_ERRORS as error:
        raise _explained(_internal(dispatcher.name, error), args, offset) from None
    if type(value) in FAILED:
        raise Failure(value).at(offset)
    return value


def _internal(name: str, error: Exception) -> Failure:
    return Failure(CelError(f"{name}: {type(error).__name__}: {error}"))


def _explained(failure: Failure, args: Sequence[Any], offset: int) -> Failure:
    """Return the failure of a call with its place; one over a list that holds unknowns is unknown because of them."""
    items = (item for arg in args if isinstance(arg, (list, tuple)) for item in arg)
    unknowns = [item for item in items if isinstance(item, Unknown)]
    if unknowns and isinstance(failure.value, CelError):
        return Failure(Unknown.merged(unknowns))
    return failure.at(offset)
