"""The syntax tree, after macro expansion. Every node carries the offset in the source that an error points at.

Nodes are compared by identity: the checker keeps what it finds out (types, resolved names) in tables keyed by node.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Node(msgspec.Struct, frozen=True, eq=False):
    """Base of all nodes; `offset` counts code points from the start of the source."""

    offset: int


class Literal(Node, frozen=True, eq=False):
    """A constant of the language: a bool, int, `UInt`, float, str, bytes or None."""

    value: Any


class Ident(Node, frozen=True, eq=False):
    """A name; a leading dot (kept in `name`) means that it is looked up from the root."""

    name: str


class Select(Node, frozen=True, eq=False):
    """`operand.field`; `optional` for `.?`, `test` for `has(operand.field)`."""

    operand: Node
    field: str
    optional: bool = False
    test: bool = False


class Index(Node, frozen=True, eq=False):
    """`operand[index]`; `optional` for `[?index]`."""

    operand: Node
    index: Node
    optional: bool = False


class Call(Node, frozen=True, eq=False):
    """A function, member function (`target` set) or operator (`_+_`, `!_`, `@in` …)."""

    function: str
    target: Node | None
    args: tuple[Node, ...]


class Logical(Node, frozen=True, eq=False):
    """A flat chain of `&&` or `||`."""

    operator: str
    terms: tuple[Node, ...]


class Conditional(Node, frozen=True, eq=False):
    """`condition ? then : otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


class ListLiteral(Node, frozen=True, eq=False):
    """`[a, ?b]`; `optional` holds the places of the elements with a question mark."""

    elements: tuple[Node, ...]
    optional: frozenset[int] = frozenset()


class Entry(Node, frozen=True, eq=False):
    """One `key: value` of a map literal, or a field of a message literal whose key is a `Literal` string."""

    key: Node
    value: Node
    optional: bool = False


class MapLiteral(Node, frozen=True, eq=False):
    """`{k: v, ?k: v}`."""

    entries: tuple[Entry, ...]


class MessageLiteral(Node, frozen=True, eq=False):
    """`Name{field: value}`."""

    name: str
    entries: tuple[Entry, ...]


class Comprehension(Node, frozen=True, eq=False):
    """One of the macros over lists and maps.

    `kind` is `all`, `exists`, `exists_one`, `filter`, `map`, `transform_map` or `transform_map_entry`; `first` is the
    element (or the index or key when `second` is set); `condition` is the predicate; `result` is what map-like kinds
    yield.
    """

    kind: str
    operand: Node
    first: str
    second: str | None
    condition: Node | None
    result: Node | None


class Bind(Node, frozen=True, eq=False):
    """`cel.bind(name, value, body)`: value is evaluated once, a failure surfaces where the name is read."""

    name: str
    value: Node
    body: Node


class OptionalMap(Node, frozen=True, eq=False):
    """`operand.optMap(name, body)`; `flat` for `optFlatMap`, whose body is itself an optional."""

    operand: Node
    name: str
    body: Node
    flat: bool


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct sub-expressions of a node in source order."""
    match node:
        case Select(operand=operand):
            return (operand,)
        case Index(operand=operand, index=index):
            return (operand, index)
        case Call(target=target, args=args):
            return args if target is None else (target, *args)
        case Logical(terms=terms):
            return terms
        case Conditional():
            return (node.condition, node.then, node.otherwise)
        case ListLiteral(elements=elements):
            return elements
        case Entry():
            return (node.key, node.value)
        case MapLiteral(entries=entries) | MessageLiteral(entries=entries):
            return entries
        case Comprehension():
            return tuple(part for part in (node.operand, node.condition, node.result) if part is not None)
        case Bind():
            return (node.value, node.body)
        case OptionalMap():
            return (node.operand, node.body)
    return ()
