"""The part of the compiler that makes closures of macros: comprehensions, `cel.bind` and the optional maps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel import ast, cost
from tidewaiter.core.cel.closures_loops import (
    Loop,
    items_of,
    pairs_of,
    quantifier,
    quantifier_of_two,
    selection,
    single,
    transform,
    transform_map,
)
from tidewaiter.core.cel.values import NONE, CelError, Failure, Optional

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.core.cel.runtime import Closure, Frame


class LoopCompiler(ABC):
    """Mixin of `Compiler`: macros."""

    scope: list[tuple[str, int]]
    constants: dict[ast.Node, Any]
    block: int

    @abstractmethod
    def compile(self, node: ast.Node) -> Closure:
        """Return the closure of a node; the compiler implements it."""

    @abstractmethod
    def compile_block(self, node: ast.Node) -> tuple[Closure, int]:
        """Return the closure and fixed cost of a part; the compiler implements it."""

    @abstractmethod
    def enter(self, name: str) -> int:
        """Give a variable a slot; the compiler implements it."""

    def comprehension(self, node: ast.Comprehension) -> Closure:
        """Compile a macro over a list or map."""
        operand = self.compile(node.operand)
        first = self.enter(node.first)
        second = None if node.second is None else self.enter(node.second)
        condition, condition_cost = (None, 0) if node.condition is None else self.compile_block(node.condition)
        result, result_cost = (None, 0) if node.result is None else self.compile_block(node.result)
        del self.scope[-1 if second is None else -2 :]
        loop = Loop(
            operand=operand,
            first=first,
            second=second,
            condition=condition,
            condition_cost=condition_cost + cost.ITERATION,
            result=result,
            result_cost=result_cost + (0 if condition is not None else cost.ITERATION),
            offset=node.offset,
        )
        return _KINDS[node.kind](loop)

    def bind(self, node: ast.Bind) -> Closure:
        """Compile `cel.bind`: a failure of the value is kept and surfaces where the name is read."""
        value = self.compile(node.value)
        slot = self.enter(node.name)
        body = self.compile(node.body)
        self.scope.pop()

        def run(frame: Frame) -> Any:
            try:
                frame[slot] = value(frame)
            except Failure as failure:
                frame[slot] = failure.value
            return body(frame)

        return run

    def optional_map(self, node: ast.OptionalMap) -> Closure:
        """Compile `optMap` and `optFlatMap`."""
        operand = self.compile(node.operand)
        slot = self.enter(node.name)
        body, spent = self.compile_block(node.body)
        self.scope.pop()
        flat, offset = node.flat, node.offset

        def run(frame: Frame) -> Any:
            found = operand(frame)
            if not isinstance(found, Optional):
                raise Failure(CelError("no such overload: optMap needs an optional", offset))
            if not found.present:
                return NONE
            frame[slot] = found.value
            frame[1] -= spent
            value = body(frame)
            if not flat:
                return Optional(True, value)
            if isinstance(value, Optional):
                return value
            raise Failure(CelError("no such overload: optFlatMap needs an optional result", offset))

        return run


def _quantifier(decisive: bool) -> Callable[[Loop], Closure]:
    def build(loop: Loop) -> Closure:
        if loop.second is None:
            return quantifier(loop, items_of, decisive=decisive)
        return quantifier_of_two(loop, pairs_of, decisive=decisive)

    return build


_KINDS: dict[str, Callable[[Loop], Closure]] = {
    "all": _quantifier(False),
    "exists": _quantifier(True),
    "exists_one": single,
    "filter": selection,
    "map": transform,
    "transform_map": lambda loop: transform_map(loop, entries=False),
    "transform_map_entry": lambda loop: transform_map(loop, entries=True),
}
