"""Compiling an expression and running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tidewaiter.core.cel.checker import check
from tidewaiter.core.cel.compiler import Compiler
from tidewaiter.core.cel.cost import DEFAULT_LIMIT, of_nested
from tidewaiter.core.cel.equality import SIMPLE
from tidewaiter.core.cel.errors import CompileError, issue_at
from tidewaiter.core.cel.parser import parse
from tidewaiter.core.cel.runtime import PYTHON_ERRORS, Closure
from tidewaiter.core.cel.values import CelError, Exhausted, Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tidewaiter.core.cel.env import Environment
    from tidewaiter.core.cel.types import Type


class Evaluation(msgspec.Struct, frozen=True):
    """The outcome of one evaluation and what it cost."""

    value: Any
    cost: int


class Program:
    """A compiled expression. Immutable; may be evaluated by several threads at once and from within itself.

    `source`: the text. `result_type`: its static type. `references`: the declared variables and dotted paths that it
    reads (`container`, `container.image.digest`), with `[]` for "an element of".
    """

    __slots__ = ("_blank", "_fixed_cost", "_run", "references", "result_type", "source")

    def __init__(
        self, source: str, run: Closure, slots: int, fixed_cost: int, result_type: Type, references: frozenset[str]
    ) -> None:
        self.source = source
        self.result_type = result_type
        self.references = references
        self._run = run
        self._blank = [None] * slots
        self._fixed_cost = fixed_cost

    def __repr__(self) -> str:
        return f"<Program {self.source!r}: {self.result_type}>"

    def evaluate(self, values: Mapping[str, Any], *, cost_limit: int = DEFAULT_LIMIT) -> Any:
        """Return the value of the expression, a `CelError` or an `Unknown`; nothing is raised.

        `values` maps variables' names to values: JSON-like Python values or CEL's. A value, field or element may be an
        `Unknown` or `CelError`; it surfaces where it is read. A mapping is read with `value[name]`, whose `KeyError`
        means absent, so that a `dict` subclass with `__missing__` may compute its fields when they are read. Results may
        share lists and maps with the program and with `values`: do not change them.
        """
        return self._outcome([values, cost_limit - self._fixed_cost, *self._blank])

    def measure(self, values: Mapping[str, Any], *, cost_limit: int = DEFAULT_LIMIT) -> Evaluation:
        """Evaluate and also return the cost, for a budget that several expressions share."""
        frame: list[Any] = [values, cost_limit - self._fixed_cost, *self._blank]
        value = self._outcome(frame)
        return Evaluation(value, cost_limit - frame[1])

    def _outcome(self, frame: list[Any]) -> Any:
        try:
            value = self._run(frame)
        except Failure as failure:
            value = failure.value
        except Exhausted:
            return CelError("cost limit exceeded")
        except RecursionError:
            return CelError("a value is nested too deeply")
        except PYTHON_ERRORS as error:
            return CelError(f"internal error: {type(error).__name__}: {error}")
        left = frame[1]
        if type(value) not in SIMPLE and left >= 0:
            left -= of_nested(value, left)
        return value if left >= 0 else CelError("cost limit exceeded")


def compile_expression(source: str, environment: Environment) -> Program:
    """Return the program of an expression. Raises `CompileError` with every issue found, and nothing else."""
    tree = parse(source, environment.macros)
    try:
        checked = check(tree, source, environment)
        compiler = Compiler(checked, environment)
        run = compiler.compile(tree)
    except RecursionError:
        raise CompileError([issue_at(source, 0, "expression is nested too deeply")]) from None
    references = frozenset(checked.references)
    return Program(source, run, compiler.slots, compiler.block, checked.result, references)
