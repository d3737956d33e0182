"""Cuts large JSON documents into the members of their outermost object or array, or into lines, holding one at a time."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final, TypeVar

import msgspec

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding of bytes from outside may raise: not JSON, not the expected shape, not UTF-8, nested too deep."""

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{},]', re.DOTALL)
_KEY = re.compile(rb'\s*("[^"\\]*(?:\\.[^"\\]*)*")\s*:', re.DOTALL)
_OPEN, _CLOSE = b"[{", b"]}"
_LONGEST_TEXT = 16 << 20
"""Bytes of one string; a string that goes on is looked at again with every chunk."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class JsonStreamError(ValueError):
    """The document as a whole is damaged: cut off, not an object or array, or one member larger than allowed."""


def members(chunks: Iterable[bytes], *, limit: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield (key, value) of each member as raw bytes; the key keeps its quotes and is empty in an array.

    Only strings and brackets are looked at: whether a value is well-formed is for its decoder to say, so that one
    broken member does not cost the others. `limit` bounds a member in bytes; JsonStreamError.
    """
    data = bytearray()
    position = start = depth = 0
    is_object = False
    for chunk in chunks:
        data += chunk
        while (token := _TOKEN.search(data, position)) is not None:
            text = token[0]
            if text == b'"':
                position = token.start()  # the string goes on in the next chunk
                if len(data) - position > _LONGEST_TEXT:
                    raise JsonStreamError(f"one text is longer than {_LONGEST_TEXT} bytes")
                break
            position = token.end()
            if depth == 0:
                is_object = _opened(data, token)
                depth, start = 1, position
            elif text in _OPEN:
                depth += 1
            elif text in _CLOSE or (text == b"," and depth == 1):
                depth -= text != b","
                if depth > 1 or (depth == 1 and text != b","):
                    continue
                yield from _member(bytes(data[start : token.start()]), is_object=is_object)
                if depth == 0:
                    return
                del data[:position]
                position = start = 0
        if len(data) - start > limit:
            raise JsonStreamError(f"one member is larger than {limit} bytes")
        if token is None:
            position = len(data)
    raise JsonStreamError("the document ends in the middle" if depth else "not a JSON object or array")


def keys_at(head: bytes, depth: int) -> tuple[str, ...]:
    """Return the distinct keys at a depth of the first value in a text that may be cut off; 1 is the outermost."""
    found: dict[str, None] = {}
    level = 0
    for token in _TOKEN.finditer(head):
        text = token[0]
        if text in _OPEN:
            level += 1
        elif text in _CLOSE:
            level -= 1
            if level == 0:
                break
        elif level == depth and len(text) > 1 and head[token.end() :][:8].lstrip().startswith(b":"):
            found[text[1:-1].decode("utf-8", "replace")] = None
    return tuple(found)


def _opened(data: bytearray, token: re.Match[bytes]) -> bool:
    before = bytes(data[: token.start()]).removeprefix(_BYTE_ORDER_MARK)
    if token[0] not in {b"{", b"["} or before.strip():
        raise JsonStreamError("not a JSON object or array")
    return token[0] == b"{"


def _member(raw: bytes, *, is_object: bool) -> Iterator[tuple[bytes, bytes]]:
    if not raw.strip():
        return  # an empty container, or a comma too many
    if not is_object:
        yield b"", raw
        return
    key = _KEY.match(raw)
    yield (b"", raw) if key is None else (key[1], raw[key.end() :])


LONGEST_LINE: Final = 1 << 20
"""Bytes of one line; records of one-line feeds have a few hundred."""
T = TypeVar("T")


def decode_lines(
    stream: BinaryIO,
    decoder: msgspec.json.Decoder[T],
    *,
    problem: Callable[[str, str], None],
    refuse: Callable[[str], Exception],
) -> Iterator[tuple[int, T]]:
    """Yield number (from 1) and value of each JSON line; `problem` is told of each that cannot be read.

    Raises what `refuse` makes of the reason when a line has no end within `LONGEST_LINE`.
    """
    number = 0
    while data := stream.readline(LONGEST_LINE):
        number += 1
        if len(data) == LONGEST_LINE and not data.endswith(b"\n"):
            raise refuse(f"line {number} is longer than {LONGEST_LINE} bytes")
        if not data.strip():
            continue
        try:
            yield number, decoder.decode(data)
        except UNREADABLE as error:
            problem(f"line {number}", str(error))
