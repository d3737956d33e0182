"""Texts with holes: `container {{ container.name }} of {{ workload.ref }}`, each hole a CEL expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel.cost import DEFAULT_LIMIT
from tidewaiter.core.cel.errors import CompileError, Issue, issue_at
from tidewaiter.core.cel.lexer import MAX_SOURCE
from tidewaiter.core.cel.program import Program, compile_expression
from tidewaiter.core.cel.text import display
from tidewaiter.core.cel.values import CelError, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tidewaiter.core.cel.env import Environment

_QUOTES = "\"'"


class Template:
    """A compiled text with holes. `source`: the text. `references`: what all holes read."""

    __slots__ = ("_parts", "references", "source")

    def __init__(self, source: str, parts: tuple[str | Program, ...]) -> None:
        self.source = source
        self._parts = parts
        programs = [part for part in parts if isinstance(part, Program)]
        self.references: frozenset[str] = frozenset().union(*(program.references for program in programs))

    def evaluate(self, values: Mapping[str, Any], *, cost_limit: int = DEFAULT_LIMIT) -> str | CelError | Unknown:
        """Return the text with its holes filled; an unknown hole (all reasons) wins over a failed one (the first)."""
        texts: list[str] = []
        error: CelError | None = None
        unknowns: list[Unknown] = []
        for part in self._parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            outcome = part.measure(values, cost_limit=cost_limit)
            cost_limit = max(cost_limit - outcome.cost, 0)
            if isinstance(outcome.value, Unknown):
                unknowns.append(outcome.value)
            elif isinstance(outcome.value, CelError):
                error = error or outcome.value
            else:
                texts.append(display(outcome.value))
        if unknowns:
            return Unknown.merged(unknowns)
        return error if error is not None else "".join(texts)


def compile_template(source: str, environment: Environment) -> Template:
    """Return the template of a text. Raises `CompileError`; the places of its issues count in the whole text."""
    if len(source) > MAX_SOURCE:
        raise CompileError([issue_at(source, MAX_SOURCE, f"text is longer than {MAX_SOURCE} characters")])
    parts: list[str | Program] = []
    issues: list[Issue] = []
    at = 0
    while (start := source.find("{{", at)) >= 0:
        parts.append(source[at:start])
        end = _hole_end(source, start + 2)
        if end is None:
            issues.append(issue_at(source, start, "`{{` is not closed", "write `}}` after the expression"))
            break
        inner = source[start + 2 : end]
        try:
            parts.append(compile_expression(inner, environment))
        except CompileError as error:
            issues += [issue_at(source, start + 2 + i.offset, i.message, i.hint) for i in error.issues]
        at = end + 2
    if issues:
        raise CompileError(issues)
    parts.append(source[at:])
    return Template(source, tuple(part for part in parts if part != ""))


def _hole_end(source: str, at: int) -> int | None:
    """Return where the `}}` of a hole starts, skipping strings and balanced braces inside, or None."""
    depth = 0
    while at < len(source):
        character = source[at]
        if character in _QUOTES:
            closing = _string_end(source, at)
            if closing is None:
                return None
            at = closing
        elif character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                return at if source.startswith("}}", at) else None
            depth -= 1
        at += 1
    return None


def _string_end(source: str, at: int) -> int | None:
    """Return the offset of the quote that closes the string opened at `at`, or None."""
    quote = source[at]
    at += 1
    while at < len(source):
        if source[at] == "\\":
            at += 1
        elif source[at] == quote:
            return at
        at += 1
    return None
