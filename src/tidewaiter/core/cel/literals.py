"""The text of literals -> values: numbers with their ranges, strings and bytes with their escapes (CEL language definition)."""

from __future__ import annotations

import re

from tidewaiter.core.cel.values import INT_MAX, INT_MIN, UINT_MAX, UInt

_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\?\"'`])|[xX]([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.?))", re.DOTALL
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LONGEST_NUMBER = 400
"""Longer digits cannot be in range; the bound comes before Python's own, which raises."""


class LiteralError(ValueError):
    """A literal that has no value, with the offset of the fault inside the literal."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


def integer(text: str, *, negative: bool = False) -> int:
    """Return the value of an `int` literal (decimal or `0x`), negated if a minus stood before it."""
    value = _digits(text)
    value = -value if negative else value
    if INT_MIN <= value <= INT_MAX:
        return value
    raise LiteralError("int literal out of range (64 bits)")


def unsigned(text: str) -> UInt:
    """Return the value of a `uint` literal; `text` ends in `u` or `U`."""
    value = _digits(text[:-1])
    if value <= UINT_MAX:
        return UInt(value)
    raise LiteralError("uint literal out of range (64 bits)")


def _digits(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise LiteralError("number literal too long")
    return int(text, 16) if text[:2] in {"0x", "0X"} else int(text)


def string(token: str) -> str:
    """Return the value of a string literal given with its prefix and quotes."""
    raw = token[0] in "rR"
    body, start = _body(token[1:] if raw else token)
    start += raw
    if raw or "\\" not in body:
        return body
    return _ESCAPE.sub(lambda match: _character(match, start), body)


def byte_string(token: str) -> bytes:
    """Return the value of a bytes literal given with its prefix and quotes; plain characters are encoded as UTF-8."""
    inner = token[1:]
    raw = inner[0] in "rR"
    body, start = _body(inner[1:] if raw else inner)
    start += 1 + raw
    try:
        if raw or "\\" not in body:
            return body.encode()
        parts: list[bytes] = []
        at = 0
        for match in _ESCAPE.finditer(body):
            parts += (body[at : match.start()].encode(), _byte(match, start))
            at = match.end()
        return b"".join((*parts, body[at:].encode()))
    except UnicodeEncodeError:
        raise LiteralError("not valid Unicode") from None


def _body(quoted: str) -> tuple[str, int]:
    """Return the text between the quotes and the length of the opening ones; line ends become newlines."""
    width = 3 if quoted[:3] in {'"""', "'''"} and len(quoted) >= 6 else 1
    body = quoted[width:-width]
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    return body, width


def _character(match: re.Match[str], start: int) -> str:
    simple, hexadecimal, octal, short, long, _ = match.groups()
    if simple is not None:
        return _SIMPLE.get(simple, simple)
    digits = hexadecimal or short or long
    if digits is None and octal is None:
        raise LiteralError(f"invalid escape sequence {match.group()!r}", start + match.start())
    code = int(octal, 8) if digits is None else int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise LiteralError(f"{match.group()} is not a Unicode scalar value", start + match.start())
    return chr(code)


def _byte(match: re.Match[str], start: int) -> bytes:
    simple, hexadecimal, octal, _, _, _ = match.groups()
    if simple is not None:
        return _SIMPLE.get(simple, simple).encode()
    if hexadecimal is None and octal is None:
        raise LiteralError(f"invalid escape sequence {match.group()!r} in bytes", start + match.start())
    return bytes([int(octal, 8) if hexadecimal is None else int(hexadecimal, 16)])
