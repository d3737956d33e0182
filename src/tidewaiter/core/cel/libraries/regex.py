"""`find`, `findAll` on strings (kubernetes/apiserver: pkg/cel/library/regex.go) and `regex.replace` and its kin (cel-go: ext/regex.go)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.cost import of_pattern
from tidewaiter.core.cel.declarations import Library, function, member, plain
from tidewaiter.core.cel.types import INT, STRING
from tidewaiter.core.cel.values import NONE, Optional, fail
from tidewaiter.core.regex import Match, Pattern, PatternError, compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_REFERENCE = re.compile(r"\\(.?)", re.DOTALL)
_LONGEST_RESULT = 10_000_000
"""Characters that a replacement may grow to."""


def _pattern(source: str) -> Pattern:
    try:
        return compile_pattern(source)
    except PatternError as error:
        raise fail(str(error)) from None


def _find(text: str, pattern: str) -> str:
    match = _pattern(pattern).search(text)
    return "" if match is None else match.text


def _find_all(text: str, pattern: str, limit: int = -1) -> list[str]:
    found: list[str] = []
    for match in _pattern(pattern).matches(text):
        if 0 <= limit <= len(found):
            break
        found.append(match.text)
    return found


def _replace(text: str, pattern: str, replacement: str, limit: int = -1) -> str:
    compiled = _pattern(pattern)
    parts: list[str] = []
    at = size = 0
    for count, match in enumerate(compiled.matches(text)):
        if 0 <= limit <= count:
            break
        parts += (text[at : match.start], _filled(replacement, match))
        size += len(parts[-1]) + len(parts[-2])
        if size > _LONGEST_RESULT:
            raise fail("regex.replace: the result is too long")
        at = match.end
    return "".join((*parts, text[at:]))


def _filled(replacement: str, match: Match) -> str:
    def group(reference: re.Match[str]) -> str:
        if reference[1] == "\\":
            return "\\"
        if not reference[1].isdecimal():
            raise fail("regex.replace: after a backslash comes a group's digit or a backslash")
        number = int(reference[1])
        if number > len(match.groups):
            raise fail(f"regex.replace: the pattern has no group {number}")
        return match.text if number == 0 else match.groups[number - 1] or ""

    return _REFERENCE.sub(group, replacement)


def _one_group(pattern: str) -> Pattern:
    compiled = _pattern(pattern)
    if compiled.groups > 1:
        raise fail("regex.extract: the pattern has more than one group")
    return compiled


def _captured(match: Match) -> str | None:
    return match.groups[0] if match.groups else match.text


def _extract(text: str, pattern: str) -> Optional:
    match = _one_group(pattern).search(text)
    captured = None if match is None else _captured(match)
    return NONE if captured is None else Optional(True, captured)


def _extract_all(text: str, pattern: str) -> list[str]:
    captured = (_captured(match) for match in _one_group(pattern).matches(text))
    return [found for found in captured if found is not None]


def _check(constants: tuple[str | None, ...]) -> str | None:
    """Check a constant pattern, the second argument of every function here."""
    pattern = constants[1]
    if pattern is None:
        return None
    try:
        compile_pattern(pattern)
    except PatternError as error:
        return str(error)
    return None


def _regex(name: str, result: types.Type, implementation: Callable[..., Any], *further: types.Type) -> Any:
    return function(name, plain((STRING, STRING, *further), result, implementation, of_pattern), check=_check)


_TEXTS = types.list_of(STRING)

LIBRARY = Library(
    id="regex",
    functions=(
        function("find", member((STRING, STRING), STRING, _find, of_pattern), check=_check),
        function(
            "findAll",
            member((STRING, STRING), _TEXTS, _find_all, of_pattern),
            member((STRING, STRING, INT), _TEXTS, _find_all, of_pattern),
            check=_check,
        ),
        _regex("regex.extract", types.optional_of(STRING), _extract),
        _regex("regex.extractAll", _TEXTS, _extract_all),
        function(
            "regex.replace",
            plain((STRING, STRING, STRING), STRING, _replace, of_pattern),
            plain((STRING, STRING, STRING, INT), STRING, _replace, of_pattern),
            check=_check,
        ),
    ),
)
