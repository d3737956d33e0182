"""Finds the fields of one document in its text, when somebody asks."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from tidewaiter.core.model.location import Position
from tidewaiter.scan.yaml_text.json_text import compose_json
from tidewaiter.scan.yaml_text.nodes import Node

_BREAK = re.compile(r"\r\n?|\n")


class Lines:
    """Turns character indexes of a text into 1-based lines and columns; CR, LF and CRLF each end a line."""

    __slots__ = ("_starts", "first")

    def __init__(self, text: str, first: int = 1) -> None:
        """Measure `text`, whose first line has the number `first`."""
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]
        self.first = first

    def at(self, index: int) -> Position:
        """Return the line and column of the character at `index`."""
        row = bisect_right(self._starts, max(index, 0)) - 1
        row = min(row, len(self._starts) - 1)
        return Position(line=self.first + row, column=index - self._starts[row] + 1)


class NoPositions:
    """Positions of a document that could not be read."""

    __slots__ = ()

    def find(self, pointer: str) -> Position | None:
        """Return None whatever `pointer` is."""
        del pointer
        return None


class BuiltPositions:
    """Positions of one YAML document, from the places that `builder.build` kept."""

    __slots__ = ("_first", "_lines", "_places", "_root", "_text", "_value")

    def __init__(
        self, value: Any, root: int, places: Mapping[int, Sequence[int]], *, text: bytes, first_line: int
    ) -> None:
        """Stand for `value`, kept alive here because `places` knows its collections by `id`."""
        self._value = value
        self._root = root
        self._places = places
        self._text = text
        self._first = first_line
        self._lines: Lines | None = None

    def find(self, pointer: str) -> Position | None:
        """Return where the field at `pointer`, or its nearest existing ancestor, begins.

        A field of a map begins at its name, an item of a list at its value, the root at its first node.
        """
        value, place = self._value, self._root
        for part in parse_pointer(pointer):
            order = _order(value, part)
            places = self._places.get(id(value), ())
            if order is None or order >= len(places):
                break
            place = places[order]
            value = value[part] if isinstance(value, dict) else value[order]
        if self._lines is None:
            self._lines = Lines(self._text.decode("utf-8", "replace"), self._first)
        return self._lines.at(place)


def _order(value: Any, part: str) -> int | None:
    """Return which field or item of a collection `part` names, counted from 0 as written."""
    if isinstance(value, dict):
        if part not in value:
            return None
        return next(order for order, key in enumerate(value) if key == part)
    return item_number(part, len(value)) if isinstance(value, list) else None


class JsonPositions:
    """Positions of one JSON document; its tree is built on the first question."""

    __slots__ = ("_first", "_lines", "_root", "_text")

    def __init__(self, text: bytes, *, first_line: int) -> None:
        """Stand for `text` (UTF-8), which begins on line `first_line` of its file."""
        self._text = text
        self._first = first_line
        self._root: Node | None = None
        self._lines: Lines | None = None

    def find(self, pointer: str) -> Position | None:
        """Return where the field at `pointer`, or its nearest existing ancestor, begins."""
        if self._root is None or self._lines is None:
            text = self._text.decode("utf-8", "replace")
            self._root = compose_json(text)
            self._lines = Lines(text, self._first)
        return self._lines.at(find_start(self._root, pointer))


def find_start(root: Node, pointer: str) -> int:
    """Return the character at which the field at `pointer` or its nearest existing ancestor begins."""
    node, start = root, root.start
    for part in parse_pointer(pointer):
        found = child(node, part)
        if found is None:
            break
        key, node = found
        start = key.start if key is not None else node.start
        node = node.resolved()
    return start


def parse_pointer(pointer: str) -> list[str]:
    """Return the parts of a JSON Pointer (RFC 6901), unescaped; a missing leading slash is forgiven."""
    if not pointer:
        return []
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("/").split("/")]


def item_number(part: str, length: int) -> int | None:
    """Return the index that a part of a JSON Pointer means in a list of `length` items."""
    index = int(part) if part.isascii() and part.isdigit() and len(part) < 10 else -1
    return index if 0 <= index < length else None


def child(node: Node, part: str) -> tuple[Node | None, Node] | None:
    """Return key and value of the named field or numbered item of `node`, merged fields included."""
    if node.kind == "list":
        index = item_number(part, len(node.children))
        return node.children[index] if index is not None else None
    merges: list[Node] = []
    for key, value in node.fields():
        if key.is_merge():
            merges.append(value)
        elif key.key() == part:
            return key, value
    return _merged_child(merges, part)


def _merged_child(merges: list[Node], part: str) -> tuple[Node | None, Node] | None:
    for merge in merges:
        source = merge.resolved()
        candidates = [value.resolved() for _, value in source.children] if source.kind == "list" else [source]
        for candidate in candidates:
            if candidate.kind == "map":
                found = child(candidate, part)
                if found is not None:
                    return found
    return None
