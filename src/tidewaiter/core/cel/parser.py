"""Tokens -> syntax tree, by precedence climbing, with macros expanded on the way.

One Python frame per level of nesting (two inside brackets), so the limit of 250 levels stays clear of Python's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from tidewaiter.core.cel.cursor import KEYWORDS, MAX_NESTING, Cursor, dotted, is_name, shown
from tidewaiter.core.cel.errors import CompileError, issue_at
from tidewaiter.core.cel.macros import MacroError, Macros

if TYPE_CHECKING:
    from tidewaiter.core.cel.lexer import Token

_RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
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
_OPENING = frozenset("([{")
_NO_FUNCTIONS = _RESERVED | KEYWORDS


def parse(source: str, macros: Macros) -> Node:
    """Return the tree of an expression. Raises `CompileError` with the place and reason, and nothing else."""
    parser = _Parser(source, macros)
    try:
        return parser.whole()
    except RecursionError:
        raise CompileError([issue_at(source, parser.here().offset, "expression is nested too deeply")]) from None


class _Parser(Cursor):
    def __init__(self, source: str, macros: Macros) -> None:
        super().__init__(source)
        self.macros = macros
        self.depth = 0
        self.height = 0  # of the tree that expression() returned last

    def whole(self) -> Node:
        node = self.expression(0)
        if self.here().kind != "end":
            self.fail(f"unexpected {shown(self.here())} after the expression")
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
            # Brackets and calls are entered from here, not from `primary`, to spend fewer Python frames per level.
            if token.kind == "ident" and self.tokens[self.at + 1].text == "(" and token.text not in _NO_FUNCTIONS:
                self.at += 2
                left = self.call(token, None, token.text)
            elif token.kind != "op" or token.text not in _OPENING:
                left = self.primary(token)
            elif token.text == "(":
                self.at += 1
                left = self.expression(0)
                self.expect(")", "to close the parenthesis")
            else:
                self.at += 1
                left = self.list_literal(token) if token.text == "[" else self.map_literal(token)
            height = self.height
            while (token := self.here()).kind == "op" and token.text in ".[{":
                if token.text == "{" and not is_name(left):
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
                return self.signed_or_rooted(token)
        return self.no_expression(token)

    def name(self, token: Token) -> Node:
        if token.text in _CONSTANTS:
            return Literal(token.offset, _CONSTANTS[token.text])
        if token.text in _RESERVED or token.text == "in":
            self.fail(f"`{token.text}` is a reserved word", token.offset)
        return Ident(token.offset, token.text)

    def signed_or_rooted(self, token: Token) -> Node:
        match token.text:
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
        return self.no_expression(token)

    def postfix(self, left: Node, token: Token) -> Node:
        self.at += 1
        self.height = 0
        if token.text == "[":
            optional = self.accept("?")
            index = self.expression(0)
            self.expect("]", "to close the index")
            return Index(token.offset, left, index, optional)
        if token.text == "{":
            return MessageLiteral(left.offset, dotted(left), self.entries(fields=True))
        optional = self.accept("?")
        name = self.here()
        field = self.field_name()
        if not optional and name.kind == "ident" and self.accept("("):
            return self.call(name, left, field)
        return Select(name.offset, left, field, optional)

    def call(self, name: Token, target: Node | None, function: str) -> Node:
        args: list[Node] = []
        height = 0
        while not self.accept(")"):
            if args:
                self.expect(",", "or `)` in the arguments")
            args.append(self.expression(0))
            height = max(height, self.height)
        self.height = height + (target is None)
        try:
            node = self.macros.expand(name.offset, function, target, tuple(args))
        except MacroError as error:
            self.fail(str(error), error.offset)
        return node

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

    def map_literal(self, token: Token) -> MapLiteral:
        return MapLiteral(token.offset, self.entries(fields=False))

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
