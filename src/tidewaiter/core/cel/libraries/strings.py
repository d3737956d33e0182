"""String functions (google/cel-go: ext/strings.go). Places and lengths count code points."""

from __future__ import annotations

from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.cost import of_search, of_text
from tidewaiter.core.cel.declarations import Library, function, member, plain
from tidewaiter.core.cel.types import INT, STRING
from tidewaiter.core.cel.values import fail

_TEXTS = types.list_of(STRING)
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_QUOTED = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def _char_at(text: str, place: int) -> str:
    if not 0 <= place <= len(text):
        raise fail(f"index out of range: {place}")
    return text[place : place + 1]


def _index_of(text: str, part: str, start: int = 0) -> int:
    if not part:
        if start < 0 or start > len(text):
            raise fail(f"index out of range: {start}")
        return start
    if start < 0 or (start >= len(text) and start > 0):
        raise fail(f"index out of range: {start}")
    return text.find(part, start)


def _last_index_of(text: str, part: str, last: int | None = None) -> int:
    if last is None:
        return text.rfind(part)
    if last < 0 or (last >= len(text) and (part != "" or last > len(text))):
        raise fail(f"index out of range: {last}")
    return last if part == "" else text.rfind(part, 0, last + len(part))


def _substring(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= len(text) or not 0 <= stop <= len(text):
        raise fail(f"index out of range: {start if not 0 <= start <= len(text) else stop}")
    if start > stop:
        raise fail(f"invalid range: start {start} is after end {stop}")
    return text[start:stop]


def _split(text: str, separator: str, limit: int = -1) -> list[str]:
    if limit == 0:
        return []
    if separator:
        return text.split(separator, limit - 1 if limit > 0 else -1)
    if limit < 0 or limit >= len(text):
        return list(text)
    return [*text[: limit - 1], text[limit - 1 :]]


def _replace(text: str, old: str, new: str, limit: int = -1) -> str:
    return text.replace(old, new, max(limit, -1))


def _cost_of_replace(text: str, old: str, new: str, limit: int = -1) -> int:
    found = text.count(old) if old else len(text) + 1
    found = found if limit < 0 else min(found, limit)
    return 2 * of_text(text) + (found * len(new) + 9) // 10


def _join(items: list[Any], separator: str = "") -> str:
    if not all(isinstance(item, str) for item in items):
        raise fail("no such overload: join needs a list of strings")
    return separator.join(items)


def _cost_of_join(items: list[Any], separator: str = "") -> int:
    texts = sum(len(item) for item in items if isinstance(item, str))
    return len(items) + (texts + len(items) * len(separator) + 9) // 10


def _quote(text: str) -> str:
    inner = "".join(_QUOTED.get(character, character) for character in text)
    return f'"{inner.encode("utf-8", "replace").decode()}"'


def _cost_twice(text: str, *_: Any) -> int:
    return 2 * of_text(text)


LIBRARY = Library(
    id="strings",
    functions=(
        function("charAt", member((STRING, INT), STRING, _char_at)),
        function(
            "indexOf",
            member((STRING, STRING), INT, _index_of, of_search),
            member((STRING, STRING, INT), INT, _index_of, of_search),
        ),
        function(
            "lastIndexOf",
            member((STRING, STRING), INT, _last_index_of, of_search),
            member((STRING, STRING, INT), INT, _last_index_of, of_search),
        ),
        function(
            "join",
            member((_TEXTS,), STRING, _join, _cost_of_join),
            member((_TEXTS, STRING), STRING, _join, _cost_of_join),
        ),
        function("lowerAscii", member((STRING,), STRING, lambda text: text.translate(_LOWER), of_text)),
        function("upperAscii", member((STRING,), STRING, lambda text: text.translate(_UPPER), of_text)),
        function(
            "replace",
            member((STRING, STRING, STRING), STRING, _replace, _cost_of_replace),
            member((STRING, STRING, STRING, INT), STRING, _replace, _cost_of_replace),
        ),
        function("reverse", member((STRING,), STRING, lambda text: text[::-1], of_text)),
        function(
            "split",
            member((STRING, STRING), _TEXTS, _split, _cost_twice),
            member((STRING, STRING, INT), _TEXTS, _split, _cost_twice),
        ),
        function(
            "substring",
            member((STRING, INT), STRING, _substring, of_text),
            member((STRING, INT, INT), STRING, _substring, of_text),
        ),
        function("trim", member((STRING,), STRING, lambda text: text.strip(_SPACE), of_text)),
        function("strings.quote", plain((STRING,), STRING, _quote, _cost_twice)),
    ),
)
