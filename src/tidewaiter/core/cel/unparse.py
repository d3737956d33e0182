"""Syntax tree -> source text, macros written as macros. Parsing the text gives the same tree, offsets aside."""

from __future__ import annotations

import json
import math
from typing import Any

from tidewaiter.core.cel import ast
from tidewaiter.core.cel.values import UInt

_BINARY = {
    "_<_": 4,
    "_<=_": 4,
    "_>_": 4,
    "_>=_": 4,
    "_==_": 4,
    "_!=_": 4,
    "@in": 4,
    "_+_": 5,
    "_-_": 5,
    "_*_": 6,
    "_/_": 6,
    "_%_": 6,
}
_LOGICAL = {"||": 2, "&&": 3}
_MEMBER = 8
_UNARY = 7
_NAMES = {"exists_one": "exists_one", "transform_map": "transformMap", "transform_map_entry": "transformMapEntry"}


def unparse(node: ast.Node) -> str:
    """Return the source text of a tree, with the parentheses that its operators need and no others."""
    return _text(node, 0)


def _text(node: ast.Node, level: int) -> str:
    text, own = _rendered(node)
    return f"({text})" if own < level else text


def _rendered(node: ast.Node) -> tuple[str, int]:
    """Return a node's text and how tightly it binds (0 `?:` … 8 an operand)."""
    match node:
        case ast.Literal(value=value):
            return _literal(value), _UNARY if isinstance(value, (int, float)) and str(value).startswith(
                "-"
            ) else _MEMBER
        case ast.Ident(name=name):
            return name, _MEMBER
        case ast.Select():
            return _select(node), _MEMBER
        case ast.Index():
            mark = "?" if node.optional else ""
            return f"{_text(node.operand, _MEMBER)}[{mark}{_text(node.index, 0)}]", _MEMBER
        case ast.Call():
            return _call(node)
        case ast.Logical(operator=operator, terms=terms):
            own = _LOGICAL[operator]
            return f" {operator} ".join(_text(term, own + 1) for term in terms), own
        case ast.Conditional():
            condition, then = _text(node.condition, 2), _text(node.then, 2)
            return f"{condition} ? {then} : {_text(node.otherwise, 0)}", 0
    return _composite(node), _MEMBER


def _composite(node: ast.Node) -> str:
    match node:
        case ast.ListLiteral():
            marked = [
                f"{'?' if place in node.optional else ''}{_text(element, 0)}"
                for place, element in enumerate(node.elements)
            ]
            return f"[{', '.join(marked)}]"
        case ast.MapLiteral():
            return f"{{{_entries(node.entries, fields=False)}}}"
        case ast.MessageLiteral():
            return f"{node.name}{{{_entries(node.entries, fields=True)}}}"
        case ast.Comprehension():
            return _comprehension(node)
        case ast.Bind():
            return f"cel.bind({node.name}, {_text(node.value, 0)}, {_text(node.body, 0)})"
        case ast.OptionalMap():
            name = "optFlatMap" if node.flat else "optMap"
            return f"{_text(node.operand, _MEMBER)}.{name}({node.name}, {_text(node.body, 0)})"
    raise AssertionError(type(node))


def _select(node: ast.Select) -> str:
    plain = node.field.isidentifier() and node.field.isascii() and node.field not in {"true", "false", "null", "in"}
    field = node.field if plain else f"`{node.field}`"
    text = f"{_text(node.operand, _MEMBER)}.{'?' if node.optional else ''}{field}"
    return f"has({text})" if node.test else text


def _call(node: ast.Call) -> tuple[str, int]:
    own = _BINARY.get(node.function)
    if own is not None:
        symbol = "in" if node.function == "@in" else node.function.strip("_")
        left, right = node.args
        return f"{_text(left, own)} {symbol} {_text(right, own + 1)}", own
    if node.function in {"!_", "-_"}:
        operand = node.args[0]
        text = _text(operand, _UNARY)
        # A minus before a digit would be read as part of the literal.
        if node.function == "-_" and text[:1].isdigit():
            text = f"({text})"
        return f"{node.function[0]}{text}", _UNARY
    args = ", ".join(_text(arg, 0) for arg in node.args)
    if node.target is None:
        return f"{node.function}({args})", _MEMBER
    return f"{_text(node.target, _MEMBER)}.{node.function}({args})", _MEMBER


def _entries(entries: tuple[ast.Entry, ...], *, fields: bool) -> str:
    texts: list[str] = []
    for entry in entries:
        key = str(entry.key.value) if fields and isinstance(entry.key, ast.Literal) else _text(entry.key, 0)
        texts.append(f"{'?' if entry.optional else ''}{key}: {_text(entry.value, 0)}")
    return ", ".join(texts)


def _comprehension(node: ast.Comprehension) -> str:
    name = _NAMES.get(node.kind, node.kind)
    if node.kind == "map" and node.second is not None:
        name = "transformList"
    variables = [node.first] if node.second is None else [node.first, node.second]
    parts = [_text(part, 0) for part in (node.condition, node.result) if part is not None]
    return f"{_text(node.operand, _MEMBER)}.{name}({', '.join((*variables, *parts))})"


def _literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, UInt):
        return f"{int(value)}u"
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, bytes):
        return (
            'b"'
            + "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in value)
            + '"'
        )
    if isinstance(value, str):
        return json.dumps(value) if value.isascii() and "\x7f" not in value else _string(value)
    return str(value)


def _double(value: float) -> str:
    if math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return repr(value)


def _string(value: str) -> str:
    inner = (
        character if character.isalnum() or character == " " else f"\\U{ord(character):08x}" for character in value
    )
    return f'"{"".join(inner)}"'
