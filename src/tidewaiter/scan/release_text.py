"""The text of release files: assignments as a shell reads them, bounded and without control characters."""

import re
from typing import Final

_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_LONGEST: Final = 256
"""Characters of a value that are kept; they are names and versions, and they are shown to people."""
_ESCAPE: Final = re.compile(r'\\([$"\'\\`])')


def pairs(data: bytes) -> dict[str, str]:
    """Return the values of `NAME=value` lines, quotes removed; of a name that stands twice the last counts."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        name, equals, value = line.strip().partition("=")
        if equals and _NAME.fullmatch(name):
            found[name] = shown(_unquoted(value))
    return found


def first_line(data: bytes) -> str:
    """Return the first line that is not empty."""
    return shown(data.decode("utf-8", "replace").strip().partition("\n")[0].strip())


def shown(text: str) -> str:
    """Return a text without characters that a terminal would obey, cut to a length that people read."""
    kept = text[:_LONGEST]
    return kept if kept.isprintable() else "".join(letter for letter in kept if letter.isprintable())


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(r"\1", value[1:-1])
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    return value
