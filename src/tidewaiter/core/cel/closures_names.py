"""Closures that read variables and fields, and test fields for presence."""

from __future__ import annotations

from typing import Any

from tidewaiter.core.cel.runtime import VALUES, Closure, Frame, has_field, read_field
from tidewaiter.core.cel.values import FAILED, CelError, Failure


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


def slot_field(slot: int, field: str, offset: int) -> Closure:
    """Return the raw reader of a field of a macro's variable."""

    def run(frame: Frame) -> Any:
        try:
            return frame[slot][field]
        except (KeyError, TypeError):
            return read_field(frame[slot], field, offset)

    return run


def variable_field(name: str, outer: Closure, field: str, offset: int) -> Closure:
    """Return the raw reader of a field of a declared variable; `outer` reads the variable alone."""

    def run(frame: Frame) -> Any:
        try:
            return frame[VALUES][name][field]
        except (KeyError, TypeError):
            return read_field(outer(frame), field, offset)

    return run


def field_of(outer: Closure, field: str, offset: int) -> Closure:
    """Return the raw reader of a field of whatever `outer` reads."""

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
        elif isinstance(value, dict):
            # A lazy record: reading decides.
            try:
                found = value[field]
            except KeyError:
                return False
            if type(found) not in FAILED:
                return True
        return has_field(value, field, offset)

    return run
