"""Expansion of `$name` and `${name...}` (moby/buildkit: frontend/dockerfile/docs, environment replacement)."""

import re
from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?!$-]")
_MODIFIER = re.compile(r":?[-+?]")
_LONGEST = 8_192
_DEEPEST = 8

Values = Mapping[str, str | None]
"""What is known: text, or None for a build argument without a default."""


def expand(text: str, values: Values, *, escape: str = "\\", depth: int = 0) -> str:
    """Return `text` with the known variables replaced; what is not known stays as written.

    An argument without a value takes the word of `${x:-word}` and loses `${x:+word}`. Nothing is replaced inside
    single quotes or behind the escape character.
    """
    if "$" not in text or depth > _DEEPEST or len(text) > _LONGEST:
        return text
    result: list[str] = []
    length = position = 0
    quoted = double = False
    while position < len(text):
        character = text[position]
        piece, following = character, position + 1
        if character == escape and not quoted:
            piece, following = text[position : position + 2], position + 2
        elif character == "'" and not double:
            quoted = not quoted
        elif character == '"' and not quoted:
            double = not double
        elif character == "$" and not quoted:
            piece, following = _variable(text, position, values, escape, depth)
        length += len(piece)
        if length > _LONGEST:
            return text
        result.append(piece)
        position = following
    return "".join(result)


def _variable(text: str, position: int, values: Values, escape: str, depth: int) -> tuple[str, int]:
    braced = text.startswith("{", position + 1)
    match = _NAME.match(text, position + (2 if braced else 1))
    if match is None:
        return "$", position + 1
    name = match.group()
    if not braced:
        value = values.get(name)
        return (value if value is not None else text[position : match.end()]), match.end()
    end = _closing(text, match.end())
    if end is None:
        return "$", position + 1
    written = text[position : end + 1]
    rest = text[match.end() : end]
    modifier = _MODIFIER.match(rest)
    if rest and modifier is None:
        return written, end + 1
    if modifier is None:
        value = values.get(name)
        return (value if value is not None else written), end + 1
    if name not in values:
        return written, end + 1
    word = expand(rest[modifier.end() :], values, escape=escape, depth=depth + 1)
    return _modified(values[name], modifier.group(), word), end + 1


def _modified(value: str | None, modifier: str, word: str) -> str:
    is_set = value is not None and (bool(value) or not modifier.startswith(":"))
    if modifier.endswith("+"):
        return word if is_set else ""
    if modifier.endswith("-"):
        return value if is_set and value is not None else word
    return value or ""


def _closing(text: str, position: int) -> int | None:
    """Return the place of the brace that closes the one before `position`."""
    open_braces = 1
    for place in range(position, min(len(text), position + _LONGEST)):
        if text[place] == "{":
            open_braces += 1
        elif text[place] == "}":
            open_braces -= 1
            if open_braces == 0:
                return place
    return None
