"""JSON documents: decoded by the standard library with duplicate keys refused, positions by a scanner of our own.

libyaml cannot give the positions: it refuses escaped surrogate pairs and keys longer than 1,024 characters.
"""

import re
from json import JSONDecodeError, JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]
from math import isinf
from typing import Any, NoReturn

from tidewaiter.scan.yaml_text.errors import TextError
from tidewaiter.scan.yaml_text.limits import Limits
from tidewaiter.scan.yaml_text.nodes import Node

_BLANK = re.compile(r"[ \t\r\n]*")
_LITERAL = re.compile(r"[-+0-9.eE]+|true|false|null")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ADVICE = "correct the JSON at this place"


class _DuplicateKeyError(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKeyError(key)
            seen.add(key)
    return result


def _refuse_constant(text: str) -> NoReturn:
    raise TextError(f"{text} is not JSON", 0, _ADVICE)


def _float(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise TextError(f"{text[:40]} is too large for a number", 0, _ADVICE)
    return value


def build_json(text: str, limits: Limits) -> list[tuple[int, int, Any]]:
    """Return start, end (characters) and value of each JSON document in `text`; raise `TextError` on a defect."""
    decoder = JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_float)
    documents: list[tuple[int, int, Any]] = []
    start = _skip(text, 0)
    while start < len(text):
        try:
            value, end = decoder.raw_decode(text, start)
        except _DuplicateKeyError as error:
            raise TextError(
                f"field `{error.key[:60]}` occurs twice", _second(text, start, error.key), _ADVICE
            ) from None
        except JSONDecodeError as error:
            raise TextError(error.msg[:1].lower() + error.msg[1:], error.pos, _ADVICE) from None
        except RecursionError:
            raise TextError(f"it is nested deeper than {limits.depth} levels", start, _ADVICE) from None
        except TextError:
            raise
        except ValueError:
            raise TextError("it holds a number of more than 4,300 digits", start, _ADVICE) from None
        _check(text[start:end] if start or end < len(text) else text, start, limits)
        documents.append((start, end, value))
        if len(documents) > limits.documents:
            raise TextError(f"it holds more than {limits.documents} documents", end, _ADVICE)
        start = _skip(text, end)
    return documents


def _check(text: str, start: int, limits: Limits) -> None:
    """Refuse what decodes but cannot be used: lone surrogates, too many nodes, too deep nesting."""
    if _SURROGATE.search(text) is not None:
        for match in _STRING.finditer(text):
            if _SURROGATE.search(match.group()) is not None:
                decoded, _ = scanstring(text, match.start() + 1, True)
                if any("\ud800" <= character <= "\udfff" for character in decoded):
                    raise TextError("it holds half of a surrogate pair", start + match.start(), _ADVICE)
    if text.count(",") + text.count("[") + text.count("{") > limits.nodes:
        raise TextError(f"it has more than {limits.nodes} fields and items", start, _ADVICE)
    if text.count("[") + text.count("{") > limits.depth:
        _check_depth(text, start, limits)


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _check_depth(text: str, start: int, limits: Limits) -> None:
    depth = 0
    for match in _STRUCTURE.finditer(text):
        character = match.group()[0]
        if character in "[{":
            depth += 1
            if depth > limits.depth:
                raise TextError(f"it is nested deeper than {limits.depth} levels", start + match.start(), _ADVICE)
        elif character in "]}":
            depth -= 1


def _second(text: str, start: int, key: str) -> int:
    """Return the place of the second occurrence of `key` in the object that repeats it."""
    open_objects: list[set[str]] = []
    for match in _STRUCTURE.finditer(text, start):
        lexeme = match.group()
        if lexeme in {"{", "["}:
            open_objects.append(set())
        elif lexeme in {"}", "]"}:
            if open_objects:
                open_objects.pop()
        elif open_objects and text.startswith(":", _skip(text, match.end())):
            name, _ = scanstring(text, match.start() + 1, True)
            if name == key and name in open_objects[-1]:
                return match.start()
            open_objects[-1].add(name)
    return start


def compose_json(text: str, start: int = 0) -> Node:
    """Return the tree of the JSON document that begins at `start`; only for text that `build_json` accepted."""
    stack: list[tuple[Node, list[Node]]] = []
    position = _skip(text, start)
    while True:
        character = text[position]
        if character in ",:":
            position = _skip(text, position + 1)
            continue
        if character in "[{":
            node = Node("map" if character == "{" else "list", position, position)
            node.flow = True
            stack.append((node, []))
            position = _skip(text, position + 1)
            continue
        if character in "]}":
            node, parts = stack.pop()
            node.end = position + 1
            pairs = zip(parts[::2], parts[1::2], strict=True)
            node.children = list(pairs) if node.kind == "map" else [(None, part) for part in parts]
        else:
            node = _leaf(text, position)
        if not stack:
            return node
        stack[-1][1].append(node)
        position = _skip(text, node.end)


def _leaf(text: str, position: int) -> Node:
    if text[position] == '"':
        value, end = scanstring(text, position + 1, True)
        node = Node("scalar", position, end)
        node.text, node.style = value, '"'
        return node
    match = _LITERAL.match(text, position)
    if match is None:
        raise TextError("it is not JSON", position, _ADVICE)
    node = Node("scalar", position, match.end())
    node.text, node.plain = match.group(), True
    return node


def _skip(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match is not None else position
