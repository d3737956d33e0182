"""Source text -> tokens (CEL language definition, "Syntax"). Linear in the source, which is at most 100,000 code points."""

from __future__ import annotations

import re
from typing import NamedTuple

from tidewaiter.core.cel.errors import CompileError, Issue, issue_at

MAX_SOURCE = 100_000
"""The longest accepted expression in code points."""

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n\f]+|//[^\r\n]*)
  | (?P<bytes>[bB][rR](?:\"\"\"(?:.|\n)*?\"\"\"|'''(?:.|\n)*?'''|"[^"\r\n]*"|'[^'\r\n]*')
      |[bB](?:\"\"\"(?:[^\\]|\\.|\\\n)*?\"\"\"|'''(?:[^\\]|\\.|\\\n)*?'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'))
  | (?P<string>[rR](?:\"\"\"(?:.|\n)*?\"\"\"|'''(?:.|\n)*?'''|"[^"\r\n]*"|'[^'\r\n]*')
      |\"\"\"(?:[^\\]|\\.|\\\n)*?\"\"\"|'''(?:[^\\]|\\.|\\\n)*?'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
  | (?P<ident>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<quoted>`[A-Za-z0-9_.\-/ ]+`)
  | (?P<double>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
  | (?P<uint>(?:0[xX][0-9a-fA-F]+|[0-9]+)[uU])
  | (?P<int>0[xX][0-9a-fA-F]+|[0-9]+)
  | (?P<op>&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()\[\]{}])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """One token: `kind` is `ident`, `quoted`, `int`, `uint`, `double`, `string`, `bytes`, `op` or `end`."""

    kind: str
    text: str
    offset: int


def tokenize(source: str) -> list[Token]:
    """Return the tokens of an expression, an `end` token last. Raises `CompileError` at the first unknown character."""
    if len(source) > MAX_SOURCE:
        message = f"expression has {len(source)} characters; at most {MAX_SOURCE} are read"
        raise CompileError([issue_at(source, MAX_SOURCE, message)])
    tokens: list[Token] = []
    at = 0
    for match in _TOKEN.finditer(source):
        if match.start() != at:
            break
        kind = match.lastgroup
        if kind is not None and kind != "space":
            tokens.append(Token(kind, match.group(), at))
        at = match.end()
    if at != len(source):
        raise CompileError([_unreadable(source, at)])
    tokens.append(Token("end", "", at))
    return tokens


def _unreadable(source: str, at: int) -> Issue:
    character = source[at]
    if character in "\"'":
        return issue_at(source, at, "string is not closed", "a string ends on its line unless it has triple quotes")
    hints = {"=": "write `==` to compare", "&": "write `&&`", "|": "write `||`"}
    return issue_at(source, at, f"unexpected character {character!r}", hints.get(character))
