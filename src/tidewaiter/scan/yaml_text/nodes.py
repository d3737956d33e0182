"""The tree of a document with the place of every node; built only when somebody asks where a field stands."""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from tidewaiter.scan.yaml_text.errors import TextError
from tidewaiter.scan.yaml_text.scalars import key_text, resolve_plain, resolve_tagged

Kind: TypeAlias = Literal["scalar", "map", "list", "alias"]


class Node:
    """One node as written; `start` and `end` count characters of the document's text."""

    __slots__ = ("anchor", "children", "end", "flow", "kind", "plain", "start", "style", "tag", "target", "text")

    def __init__(self, kind: Kind, start: int, end: int) -> None:
        """Make a node without children."""
        self.kind: Kind = kind
        self.start = start
        self.end = end
        self.anchor: str | None = None
        self.tag: str | None = None
        self.flow = False
        self.style = ""
        """Quote or block indicator of a scalar; empty when plain."""
        self.plain = False
        self.text = ""
        self.children: list[tuple[Node | None, Node]] = []
        """Pairs of key and value of a map; items of a list have no key."""
        self.target: Node | None = None
        """What an alias stands for."""

    def resolved(self) -> "Node":
        """Return the node itself, or what it stands for when it is an alias."""
        return self.target if self.target is not None else self

    def key(self) -> str | None:
        """Return the field name that this node means as a key; None when it is a merge key or cannot be one."""
        node = self.resolved()
        if node.kind != "scalar" or (node.plain and node.text == "<<"):
            return None
        return key_text(scalar_value(node))

    def is_merge(self) -> bool:
        """Tell whether this key is `<<`."""
        return self.kind == "scalar" and self.plain and self.text == "<<"

    def fields(self) -> Iterator[tuple["Node", "Node"]]:
        """Yield the pairs of a map, merge keys included."""
        for key, value in self.children:
            if key is not None:
                yield key, value


def scalar_value(node: Node) -> Any:
    """Return the value of a scalar node."""
    if node.plain:
        return resolve_plain(node.text)
    return resolve_tagged(node.text, node.tag) if node.tag is not None else node.text


def compose(text: bytes, which: int = 0) -> Node | None:
    """Return the tree of one document of `text`, None when it is empty; only for text that `build` accepted."""
    parser = CParser(text)
    try:
        seen = -1
        while (event := parser.get_event()) is not None:
            if isinstance(event, DocumentStartEvent):
                seen += 1
                if seen == which:
                    return _compose(parser)
        return None
    finally:
        parser.dispose()


def _compose(parser: CParser) -> Node:
    stack: list[tuple[Node, list[Node]]] = []
    anchors: dict[str, Node] = {}
    while (event := parser.get_event()) is not None:
        if isinstance(event, CollectionEndEvent):
            node, parts = stack.pop()
            node.end = _span(event)[1] if node.flow else _last_end(node, parts)
            node.children = _children(node, parts)
        elif isinstance(event, NodeEvent):
            node = _node(event, anchors)
            if node.kind in {"map", "list"}:
                stack.append((node, []))
                continue
        else:
            break
        if not stack:
            return node
        stack[-1][1].append(node)
    raise TextError("the document ends early", 0)


def _node(event: NodeEvent, anchors: dict[str, Node]) -> Node:
    start, end = _span(event)
    if isinstance(event, AliasEvent):
        node = Node("alias", start, end)
        node.anchor = event.anchor
        node.target = anchors.get(event.anchor or "")
        return node
    if isinstance(event, ScalarEvent):
        node = Node("scalar", start, end)
        node.text = event.value
        node.plain = event.implicit[0]
        node.style = event.style or ""
        node.tag = None if node.plain or event.implicit[1] else event.tag
    else:
        assert isinstance(event, CollectionStartEvent)
        node = Node("map" if isinstance(event, MappingStartEvent) else "list", start, end)
        node.flow = bool(event.flow_style)
        node.tag = event.tag
    if event.anchor is not None:
        node.anchor = event.anchor
        anchors[event.anchor] = node
    return node


def _span(event: Event) -> tuple[int, int]:
    start, end = event.start_mark, event.end_mark
    return (start.index if start is not None else 0), (end.index if end is not None else 0)


def _last_end(node: Node, parts: list[Node]) -> int:
    return parts[-1].end if parts else node.end


def _children(node: Node, parts: list[Node]) -> list[tuple[Node | None, Node]]:
    if node.kind == "list":
        return [(None, part) for part in parts]
    return list(zip(parts[::2], parts[1::2], strict=True))
