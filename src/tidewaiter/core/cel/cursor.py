"""The parser's place in the tokens, with the small steps and the errors that every rule needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from tidewaiter.core.cel import literals
from tidewaiter.core.cel.ast import Ident, Literal, Node, Select
from tidewaiter.core.cel.errors import CompileError, issue_at
from tidewaiter.core.cel.lexer import Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_NESTING = 250
"""The deepest accepted tree."""

KEYWORDS = frozenset({"true", "false", "null", "in"})
"""Words that are no names anywhere, not even of fields."""


class Cursor:
    """A place in the tokens of one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.at = 0

    def here(self) -> Token:
        """Return the current token."""
        return self.tokens[self.at]

    def fail(self, message: str, offset: int | None = None, hint: str | None = None) -> NoReturn:
        """Raise a `CompileError` at an offset, or at the current token."""
        raise CompileError([issue_at(self.source, self.here().offset if offset is None else offset, message, hint)])

    def accept(self, text: str) -> bool:
        """Step over an operator if it is the current token."""
        token = self.tokens[self.at]
        if token.text == text and token.kind == "op":
            self.at += 1
            return True
        return False

    def expect(self, text: str, where: str) -> None:
        """Step over an operator, or fail saying where it was expected."""
        if not self.accept(text):
            self.fail(f"expected `{text}` {where}, found {shown(self.here())}")

    def literal(self, read: Callable[[], object], token: Token) -> Literal:
        """Return the literal of a token, or fail at the fault inside it."""
        try:
            value = read()
        except literals.LiteralError as error:
            self.fail(str(error), token.offset + error.offset)
        return Literal(token.offset, value)

    def no_expression(self, token: Token) -> NoReturn:
        """Fail at the token just passed, where an expression should start."""
        self.at -= 1
        self.fail(f"expected an expression, found {shown(token)}")

    def field_name(self) -> str:
        """Step over a field's name, plain or in backticks, and return it."""
        token = self.here()
        if token.kind == "ident" and token.text not in KEYWORDS:
            self.at += 1
            return token.text
        if token.kind == "quoted":
            self.at += 1
            return token.text[1:-1]
        return self.fail(f"expected a field name, found {shown(token)}")


def shown(token: Token) -> str:
    """Return a token for a message."""
    return "the end" if token.kind == "end" else f"`{token.text[:40]}`"


def is_name(node: Node) -> bool:
    """Whether a node is nothing but `a.b.c`."""
    while isinstance(node, Select) and not node.optional and not node.test:
        node = node.operand
    return isinstance(node, Ident)


def dotted(node: Node) -> str:
    """Return the text of a node that is nothing but a name."""
    fields: list[str] = []
    while isinstance(node, Select):
        fields.append(node.field)
        node = node.operand
    assert isinstance(node, Ident)
    return ".".join((node.name, *reversed(fields)))
