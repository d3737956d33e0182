"""What compiled closures share: the frame, the merging of failures, and the slow paths of reading and testing fields.

A frame is a list: `[values, budget, slot, slot, …]`. A closure takes the frame and returns a value of CEL or raises
`Failure`. A *raw* closure may also return an error or unknown as it lies in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tidewaiter.core.cel.equality import ABSENT, find
from tidewaiter.core.cel.values import NONE, CelError, Exhausted, Failure, Optional, Unknown, fail

Frame = list[Any]
Closure = Callable[[Frame], Any]

VALUES = 0
BUDGET = 1
FIRST_SLOT = 2

PYTHON_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError, MemoryError)
"""What a function's implementation may raise on odd input; it becomes an error of the expression."""


def charge(frame: Frame, cost: int) -> None:
    """Take a cost off the budget. Raises `Exhausted` when it is used up."""
    left = frame[BUDGET] - cost
    frame[BUDGET] = left
    if left < 0:
        raise Exhausted


class Failures:
    """Collects failures of a loop in bounded memory: the first error, and the reasons of all unknowns."""

    __slots__ = ("_error", "_reasons")

    def __init__(self) -> None:
        self._error: Failure | None = None
        self._reasons: dict[str, None] = {}

    def add(self, failure: Failure) -> None:
        """Take one failure in."""
        if isinstance(failure.value, Unknown):
            self._reasons.update(dict.fromkeys(failure.value.reasons))
        elif self._error is None:
            self._error = failure

    def surface(self) -> None:
        """Raise what they add up to, if there are any."""
        if self._reasons:
            raise Failure(Unknown(tuple(self._reasons)))
        if self._error is not None:
            raise self._error


def merged(failures: Sequence[Failure]) -> Failure:
    """Return the failure that several add up to: all unknowns together win, else the first error stays."""
    unknowns = [failure.value for failure in failures if isinstance(failure.value, Unknown)]
    if not unknowns:
        return failures[0]
    return Failure(Unknown.merged(unknowns))


def after(first: Failure, frame: Frame, rest: Sequence[Closure]) -> Failure:
    """Return the failure of a strict call whose arguments before `rest` ended in `first`."""
    failures = [first]
    for closure in rest:
        try:
            closure(frame)
        except Failure as failure:
            failures.append(failure)
    return merged(failures)


def not_bool(value: Any, offset: int) -> Failure:
    """Return the failure of a logical operator over something that is no bool."""
    if isinstance(value, (CelError, Unknown)):
        return Failure(value)
    return Failure(CelError("no such overload: a condition must be bool", offset))


def read_field(operand: Any, field: str, offset: int) -> Any:
    """Read a field of anything. The careful version of `operand[field]`; may return an error or unknown."""
    if isinstance(operand, (CelError, Unknown)):
        return operand
    if isinstance(operand, Mapping):
        try:
            return operand[field]
        except KeyError:
            return CelError(f"no such key: {field}", offset)
    if isinstance(operand, Optional):
        return optional_field(operand, field, offset)
    return CelError(f"no such overload: .{field} of a value without fields", offset)


def optional_field(operand: Any, field: str, offset: int) -> Any:
    """Read `operand.?field`: an optional of what is there."""
    if isinstance(operand, Optional):
        if not operand.present:
            return NONE
        operand = operand.value
    if isinstance(operand, (CelError, Unknown)):
        return operand
    if not isinstance(operand, Mapping):
        return CelError(f"no such overload: .{field} of a value without fields", offset)
    try:
        value = operand[field]
    except KeyError:
        return NONE
    return value if isinstance(value, (CelError, Unknown)) else Optional(True, value)


def has_field(operand: Any, field: str, offset: int) -> bool:
    """Whether a field is set; reads it with `operand[field]`, so that lazy records decide. Raises `Failure`."""
    if isinstance(operand, (CelError, Unknown)):
        raise Failure(operand)
    if isinstance(operand, Optional):
        if not operand.present:
            return False
        operand = operand.value
    if not isinstance(operand, Mapping):
        raise Failure(CelError(f"no such overload: has(.{field}) of a value without fields", offset))
    try:
        value = operand[field]
    except KeyError:
        return False
    if isinstance(value, (CelError, Unknown)):
        raise Failure(value)
    return True


def read_index(operand: Any, index: Any) -> Any:
    """Read `operand[index]`; may return an error or unknown as it lies in the data. Raises `Failure`."""
    if isinstance(operand, Mapping):
        value = find(operand, index)
        if value is ABSENT:
            raise fail(f"no such key: {shown(index)}")
        return value
    if isinstance(operand, (list, tuple)):
        place = list_place(index)
        if 0 <= place < len(operand):
            return operand[place]
        raise fail(f"index out of bounds: {shown(index)}")
    if isinstance(operand, Optional):
        return optional_index(operand, index)
    raise fail("no such overload: the value cannot be indexed")


def optional_index(operand: Any, index: Any) -> Any:
    """Read `operand[?index]`: an optional of what is there. Raises `Failure`."""
    if isinstance(operand, Optional):
        if not operand.present:
            return NONE
        operand = operand.value
    value = ABSENT
    if isinstance(operand, Mapping):
        value = find(operand, index)
    elif isinstance(operand, (list, tuple)):
        place = list_place(index)
        if 0 <= place < len(operand):
            value = operand[place]
    else:
        raise fail("no such overload: the value cannot be indexed")
    if value is ABSENT:
        return NONE
    return value if isinstance(value, (CelError, Unknown)) else Optional(True, value)


def list_place(index: Any) -> int:
    """Return a list index as an int; a uint or double with a whole value is one too."""
    if isinstance(index, bool) or not isinstance(index, (int, float)):
        raise fail("no such overload: a list is indexed by int")
    if isinstance(index, float) and not index.is_integer():
        raise fail(f"invalid list index: {index}")
    return int(index)


def shown(value: Any) -> str:
    """Return a value for a message, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


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
