"""Small changes of a policy's conditions, each of which must be noticed by a fixture of the policy."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidewaiter.core.policy import PolicySource

_OPEN, _CLOSE = "([{", ")]}"

EQUIVALENT: frozenset[tuple[str, str]] = frozenset()
"""Mutants that mean the same as the policy, so that nothing can notice them; each with its reason beside it."""


@dataclass(frozen=True)
class Mutant:
    """A changed policy and what was changed."""

    name: str
    source: PolicySource


def mutants(source: PolicySource) -> Iterator[Mutant]:
    """Yield the policy with each rule negated, and with each part of each condition replaced by true and by false."""
    spec = source.value["spec"]
    for index, rule in enumerate(spec["rules"]):
        word = "forbid" if "forbid" in rule else "require"
        other = "require" if word == "forbid" else "forbid"
        negated = {other if key == word else key: value for key, value in rule.items()}
        yield _mutant(source, f"{rule['name']}: {other}", ("rules", index), negated)
        for name, text in replaced(rule[word]):
            yield _mutant(source, f"{rule['name']}: {name}", ("rules", index, word), text)
    if "where" in spec:
        for name, text in replaced(spec["where"]):
            yield _mutant(source, f"where: {name}", ("where",), text)
    for variable, expression in spec.get("variables", {}).items():
        for name, text in replaced(expression, whole=False):
            yield _mutant(source, f"{variable}: {name}", ("variables", variable), text)


def _mutant(source: PolicySource, name: str, place: tuple[Any, ...], value: Any) -> Mutant:
    changed = copy.deepcopy(source.value)
    part = changed["spec"]
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return Mutant(name=name, source=PolicySource(file=source.file, value=changed))


def replaced(expression: str, *, whole: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the expression with each operand of its `||` and `&&`, at any depth, replaced by `true` and by `false`.

    With `whole` the expression itself is an operand as well; otherwise it need not be a condition.
    """
    for start, end in dict.fromkeys(_operands(expression, 0, len(expression), whole=whole)):
        part = expression[start:end]
        for constant in ("true", "false"):
            if part.strip() != constant:
                text = f"{expression[:start]} {constant} {expression[end:]}"
                yield f"{constant} for `{' '.join(part.split())}`", text


def _operands(text: str, start: int, end: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Yield the spans of the operands; `a || b && c` has the operands `a`, `b` and `c`, and `b && c` as a whole."""
    terms = list(_split(text, start, end, "||"))
    for first, last in terms:
        factors = list(_split(text, first, last, "&&"))
        if whole or len(terms) > 1:
            yield first, last
        if len(factors) > 1:
            yield from factors
    for first, last in _groups(text, start, end):
        for begin, stop in _split(text, first, last, ","):
            yield from _operands(text, begin, stop, whole=False)


def _split(text: str, start: int, end: int, operator: str) -> Iterator[tuple[int, int]]:
    begin = start
    for at, depth in _outside_strings(text, start, end):
        if depth == 0 and at >= begin and text.startswith(operator, at):
            yield begin, at
            begin = at + len(operator)
    yield begin, end


def _groups(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what stands between the outermost brackets."""
    begin = start
    for at, depth in _outside_strings(text, start, end):
        if depth == 1 and text[at] in _OPEN:
            begin = at + 1
        elif depth == 0 and text[at] in _CLOSE:
            yield begin, at


def _outside_strings(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the index of each character that is not in a string, and how many brackets are open behind it."""
    depth, at = 0, start
    while at < end:
        if text[at] in "\"'":
            at = _string_end(text, at)
        else:
            depth += (text[at] in _OPEN) - (text[at] in _CLOSE)
            yield at, depth
        at += 1


def _string_end(text: str, at: int) -> int:
    """Return the index of the closing quote; a raw string (`r'…'`) has no escapes."""
    raw = at > 0 and text[at - 1] in "rR"
    quote, at = text[at], at + 1
    while text[at] != quote:
        at += 2 if text[at] == "\\" and not raw else 1
    return at
