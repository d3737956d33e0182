"""Writes values as YAML in the style of the text around them, or as JSON."""

import json
import re
from typing import Any

from tidewaiter.scan.yaml_text.scalars import resolve_plain

_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./+=@-]*(?:[ :][A-Za-z0-9_./+=@-]+)*")
"""Texts that no YAML reader takes for anything else; colons only inside words, as in image references."""
_COLON_BLANK = re.compile(r":(?: |$)")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(value: Any) -> str:
    """Return one scalar in YAML; texts are quoted only where they must be."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and not _COLON_BLANK.search(text) and isinstance(resolve_plain(text), str)
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(character) or _character(character) for character in text) + '"'


def _character(character: str) -> str:
    code = ord(character)
    if " " <= character <= "~" or (character.isprintable() and code != 0xFEFF):
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def flow(value: Any) -> str:
    """Return a value in YAML's flow style, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    text = scalar(value)
    # In flow style a plain text with a colon is read differently by some libraries.
    return _quoted(value) if isinstance(value, str) and text == value and ":" in value else text


def json_text(value: Any, *, indent: str, step: str) -> str:
    """Return a value as JSON; on several lines, indented by `step` below `indent`, unless `step` is empty."""
    if not step:
        return json.dumps(value, ensure_ascii=False)
    lines = json.dumps(value, ensure_ascii=False, indent=step).split("\n")
    return ("\n" + indent).join(lines)


def block(value: Any, *, indent: int, step: int, offset: int) -> list[str]:
    """Return a map or list as lines of block style, each indented by at least `indent` blanks.

    `step` is the indentation of maps below their field, `offset` that of lists.
    """
    pad = " " * indent
    if isinstance(value, dict):
        return [line for key, item in value.items() for line in field(str(key), item, pad, step, offset)]
    return [line for item in value for line in list_item(item, pad, step, offset)]


def field(key: str, value: Any, pad: str, step: int, offset: int) -> list[str]:
    """Return the lines of `key: value`."""
    name = f"{pad}{scalar(key)}:"
    if not isinstance(value, dict | list | tuple) or not value:
        return [f"{name} {flow(value) if isinstance(value, dict | list | tuple) else scalar(value)}"]
    deeper = len(pad) + (step if isinstance(value, dict) else offset)
    return [name, *block(value, indent=deeper, step=step, offset=offset)]


def list_item(value: Any, pad: str, step: int, offset: int) -> list[str]:
    """Return the lines of `- value`."""
    if not isinstance(value, dict | list | tuple) or not value:
        return [f"{pad}- {flow(value) if isinstance(value, dict | list | tuple) else scalar(value)}"]
    lines = block(value, indent=len(pad) + 2, step=step, offset=offset)
    return [f"{pad}- {lines[0].lstrip(' ')}", *lines[1:]]
