"""What the checker finds out about an expression, and the variables of macros in force while it walks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from tidewaiter.core.cel.types import DYN, Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tidewaiter.core.cel.ast import Node
    from tidewaiter.core.cel.declarations import Function, MessageType


class Local(msgspec.Struct, frozen=True):
    """A variable of a macro: its type, and the dotted path whose element it is, where that is known."""

    type: Type
    path: str | None


class Scope:
    """The variables of the enclosing macros, innermost first."""

    def __init__(self) -> None:
        self._frames: list[Mapping[str, Local]] = []

    def local(self, name: str) -> Local | None:
        """Return the innermost variable of this name, or None."""
        for frame in reversed(self._frames):
            if name in frame:
                return frame[name]
        return None

    def names(self) -> set[str]:
        """Return the names of all variables in force."""
        return {name for frame in self._frames for name in frame}

    @contextmanager
    def inner(self, names: Mapping[str, Local]) -> Iterator[None]:
        """Put variables in force while the body of a macro is checked."""
        self._frames.append(names)
        try:
            yield
        finally:
            self._frames.pop()


class Checked:
    """The tables of one checked expression, keyed by node.

    `variables`: the candidate names of a node that is a variable. `constants`: the value of a node that is a constant.
    `functions` and `messages`: what a call or message literal uses; a call in `namespaced` has its target as part of the
    function's name. `paths`: the dotted path that a node reads. `references`: all paths read, with their prefixes.
    """

    def __init__(self) -> None:
        self.types: dict[Node, Type] = {}
        self.variables: dict[Node, tuple[str, ...]] = {}
        self.constants: dict[Node, Any] = {}
        self.functions: dict[Node, Function] = {}
        self.namespaced: set[Node] = set()
        self.messages: dict[Node, MessageType] = {}
        self.paths: dict[Node, str | None] = {}
        self.references: set[str] = set()
        self.result: Type = DYN

    def refer(self, node: Node, path: str) -> None:
        """Note that a node reads this path."""
        self.paths[node] = path
        self.references.add(path)
