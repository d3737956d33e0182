"""Tokens -> syntax tree, by precedence climbing, with macros expanded on the way.

One Python frame per level of nesting (two inside brackets), so the limit of 250 levels stays clear of Python's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from tidewaiter.core.cel import literals
from tidewaiter.core.cel.ast import (
    Call,
    Conditional,
    Entry,
    Ident,
    Index,
    ListLiteral,
    Literal,
    Logical,
    MapLiteral,
    MessageLiteral,
    Node,
    Select,
)
from tidewaiter.core.cel.errors import CompileError, issue_at
from tidewaiter.core.cel.lexer import Token, tokenize
from tidewaiter.core.cel.macros import MacroError, Macros

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_NESTING = 250
"""The deepest accepted tree."""

_RESERVED = frozenset(
    ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"]
)
_KEYWORDS = frozenset({"true", "false", "null", "in"})
_BINARY: dict[str, tuple[int, str]] = {
    **{op: (4, f"_{op}_") for op in ("<", "<=", ">=", ">", "==", "!=")},
    "in": (4, "@in"),
    **{op: (5, f"_{op}_") for op in ("+", "-")},
    **{op: (6, f"_{op}_") for op in ("*", "/", "%")},
}
_LOGICAL = {"||": 2, "&&": 3}
_UNARY = {"!": "!_", "-": "-_"}
_CONSTANTS = {"true": True, "false": False, "null": None}
_NUMBERS = frozenset({"int", "double"})


def parse(source: str, macros: Macros) -> Node:
    """Return the tree of an expression. Raises `CompileError` with the place and reason, and nothing else."""
    parser = _Parser(source, macros)
    try:
        return parser.whole()
    except RecursionError:
        raise CompileError([issue_at(source, parser.here().offset, "expression is nested too deeply")]) from None


class _Parser:
    def __init__(self, source: str, macros: Macros) -> None:
        self.source = source
        self.macros = macros
        self.tokens = tokenize(source)
        self.at = 0
        self.depth = 0
        self.height = 0  # of the tree that expression() returned last

    # -- small steps -------------------------------------------------------------------------------------------------

    def here(self) -> Token:
        return self.tokens[self.at]

    def fail(self, message: str, offset: int | None = None, hint: str | None = None) -> NoReturn:
        raise CompileError([issue_at(self.source, self.here().offset if offset is None else offset, message, hint)])

    def accept(self, text: str) -> bool:
        token = self.tokens[self.at]
        if token.text == text and token.kind == "op":
            self.at += 1
            return True
        return False

    def expect(self, text: str, where: str) -> None:
        if not self.accept(text):
            self.fail(f"expected `{text}` {where}, found {_shown(self.here())}")

    def literal(self, read: Callable[[], object], token: Token) -> Literal:
        try:
            return Literal(token.offset, read())
        except literals.LiteralError as error:
            self.fail(str(error), token.offset + error.offset)

    def whole(self) -> Node:
        node = self.expression(0)
        if self.here().kind != "end":
            self.fail(f"unexpected {_shown(self.here())} after the expression")
        return node

    # -- the climb ---------------------------------------------------------------------------------------------------

    def expression(self, level: int) -> Node:
        """Parse operators that bind at least as tight as `level`: 0 `?:`, 2 `||`, 3 `&&`, 4 relations, 5, 6, 7 unary."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail(f"expression is nested more than {MAX_NESTING} levels deep")
        token = self.here()
        if token.kind == "op" and token.text in _UNARY and not self.negative_number(token):
            self.at += 1
            left: Node = Call(token.offset, _UNARY[token.text], None, (self.expression(7),))
            height = self.height + 1
        else:
            left = self.primary(token)
            height = self.height
            while (token := self.here()).kind == "op" and token.text in ".[{":
                if token.text == "{" and not _is_name(left):
                    break
                left = self.postfix(left, token)
                height = self.grown(height)
        while True:
            token = self.here()
            if token.kind == "op" and token.text in _LOGICAL and (binding := _LOGICAL[token.text]) >= level:
                terms = [left]
                while self.accept(token.text):
                    terms.append(self.expression(binding + 1))
                    height = max(height, self.height)
                left = Logical(token.offset, token.text, tuple(terms))
            elif token.text in _BINARY and token.kind in {"op", "ident"} and _BINARY[token.text][0] >= level:
                self.at += 1
                binding, function = _BINARY[token.text]
                left = Call(token.offset, function, None, (left, self.expression(binding + 1)))
            elif token.kind == "op" and token.text == "?" and level <= 1:
                self.at += 1
                then = self.expression(2)
                height = max(height, self.height)
                self.expect(":", "of `?`")
                left = Conditional(token.offset, left, then, self.expression(1))
            else:
                break
            height = self.grown(height)
        self.depth -= 1
        self.height = height
        return left

    def grown(self, height: int) -> int:
        """Return the height of a node above a tree of this height and the one parsed last, within the limit."""
        height = max(height, self.height) + 1
        if height > MAX_NESTING:
            self.fail(f"expression is nested more than {MAX_NESTING} levels deep")
        self.height = 0
        return height

    def negative_number(self, token: Token) -> bool:
        return token.text == "-" and self.tokens[self.at + 1].kind in _NUMBERS

    # -- operands ----------------------------------------------------------------------------------------------------

    def primary(self, token: Token) -> Node:
        self.at += 1
        self.height = 1
        match token.kind:
            case "ident":
                return self.name(token)
            case "string":
                return self.literal(lambda: literals.string(token.text), token)
            case "bytes":
                return self.literal(lambda: literals.byte_string(token.text), token)
            case "int":
                return self.literal(lambda: literals.integer(token.text), token)
            case "uint":
                return self.literal(lambda: literals.unsigned(token.text), token)
            case "double":
                return Literal(token.offset, float(token.text))
            case "op":
                return self.bracketed(token)
        self.at -= 1
        self.fail(f"expected an expression, found {_shown(token)}")

    def name(self, token: Token) -> Node:
        if token.text in _CONSTANTS:
            return Literal(token.offset, _CONSTANTS[token.text])
        if token.text in _RESERVED or token.text == "in":
            self.fail(f"`{token.text}` is a reserved word", token.offset)
        if self.accept("("):
            return self.call(token, None, token.text)
        return Ident(token.offset, token.text)

    def bracketed(self, token: Token) -> Node:
        match token.text:
            case "(":
                node = self.expression(0)
                self.expect(")", "to close the parenthesis")
                return node
            case "[":
                return self.list_literal(token)
            case "{":
                return MapLiteral(token.offset, self.entries(fields=False))
            case "-":
                number = self.here()
                self.at += 1
                if number.kind == "double":
                    return Literal(token.offset, -float(number.text))
                return self.literal(lambda: literals.integer(number.text, negative=True), token)
            case "." if self.here().kind == "ident":
                name = self.here()
                self.at += 1
                if self.accept("("):
                    return self.call(name, None, f".{name.text}")
                return Ident(token.offset, f".{name.text}")
        self.at -= 1
        self.fail(f"expected an expression, found {_shown(token)}")

    def postfix(self, left: Node, token: Token) -> Node:
        self.at += 1
        self.height = 0
        if token.text == "[":
            optional = self.accept("?")
            index = self.expression(0)
            self.expect("]", "to close the index")
            return Index(token.offset, left, index, optional)
        if token.text == "{":
            return MessageLiteral(left.offset, _dotted(left), self.entries(fields=True))
        optional = self.accept("?")
        name = self.here()
        field = self.field_name()
        if not optional and name.kind == "ident" and self.accept("("):
            return self.call(name, left, field)
        return Select(name.offset, left, field, optional)

    def field_name(self) -> str:
        token = self.here()
        self.at += 1
        if token.kind == "ident" and token.text not in _KEYWORDS:
            return token.text
        if token.kind == "quoted":
            return token.text[1:-1]
        self.at -= 1
        self.fail(f"expected a field name, found {_shown(token)}")

    def call(self, name: Token, target: Node | None, function: str) -> Node:
        args: list[Node] = []
        height = 0
        while not self.accept(")"):
            if args:
                self.expect(",", "or `)` in the arguments")
            args.append(self.expression(0))
            height = max(height, self.height)
        self.height = height + 1
        try:
            return self.macros.expand(name.offset, function, target, tuple(args))
        except MacroError as error:
            self.fail(str(error), error.offset)

    def list_literal(self, token: Token) -> ListLiteral:
        elements: list[Node] = []
        optional: set[int] = set()
        height = 0
        while not self.accept("]"):
            if elements:
                self.expect(",", "or `]` in the list")
                if self.accept("]"):
                    break
            if self.accept("?"):
                optional.add(len(elements))
            elements.append(self.expression(0))
            height = max(height, self.height)
        self.height = height + 1
        return ListLiteral(token.offset, tuple(elements), frozenset(optional))

    def entries(self, *, fields: bool) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        height = 0
        while not self.accept("}"):
            if entries:
                self.expect(",", "or `}` in the literal")
                if self.accept("}"):
                    break
            optional = self.accept("?")
            offset = self.here().offset
            key = Literal(offset, self.field_name()) if fields else self.expression(0)
            height = max(height, self.height)
            self.expect(":", "after the key")
            entries.append(Entry(offset, key, self.expression(0), optional))
            height = max(height, self.height)
        self.height = height + 1
        return tuple(entries)


def _is_name(node: Node) -> bool:
    while isinstance(node, Select) and not node.optional and not node.test:
        node = node.operand
    return isinstance(node, Ident)


def _dotted(node: Node) -> str:
    fields: list[str] = []
    while isinstance(node, Select):
        fields.append(node.field)
        node = node.operand
    assert isinstance(node, Ident)
    return ".".join((node.name, *reversed(fields)))


def _shown(token: Token) -> str:
    return "the end" if token.kind == "end" else f"`{token.text[:40]}`"
