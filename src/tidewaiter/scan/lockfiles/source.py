"""Texts, JSON, TOML and YAML of lock files, each with the lines of its parts; every defect is a `DamageError`."""

import codecs
import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from tidewaiter.scan.json_text import DEPTH
from tidewaiter.scan.lockfiles.reader import DamageError
from tidewaiter.scan.yaml_text.builder import build
from tidewaiter.scan.yaml_text.errors import TextError
from tidewaiter.scan.yaml_text.limits import Limits

_TOML_SIZE: Final = 8 << 20
_YAML: Final = Limits(size=64 << 20, nodes=3_000_000)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OURS: Final = re.compile(rb"^<{7}[ \r\n]", re.MULTILINE)
_THEIRS: Final = re.compile(rb"^>{7}[ \r\n]", re.MULTILINE)
_TOML_PLACE: Final = re.compile(r"\(at line (\d+), column \d+\)")


def text_of(data: bytes) -> str:
    """Return the text, its byte order mark obeyed and every line end a line feed."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def conflict_line(data: bytes) -> int | None:
    """Return the line of the first mark of an unfinished merge (git-scm.com: git-merge), None without one."""
    start = _OURS.search(data)
    if start is None or _THEIRS.search(data, start.end()) is None:
        return None
    return data.count(b"\n", 0, start.start()) + 1


def json_object(data: bytes) -> dict[str, Any]:
    """Return the object; of a field that occurs twice the last one counts, as the tools read it."""
    text = text_of(data)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise DamageError(f"the JSON is malformed ({error.msg})", error.lineno) from error
    except ValueError as error:
        raise DamageError("the JSON holds a number with thousands of digits") from error
    except RecursionError as error:
        raise DamageError(f"the JSON is nested deeper than {DEPTH}") from error
    if not isinstance(value, dict):
        raise DamageError("it is not a JSON object", 1)
    return value


class Lines:
    """Finds the lines of keys in their order in the file, in one pass over the matches of a pattern."""

    def __init__(self, data: bytes, pattern: re.Pattern[bytes]) -> None:
        """Search `data`; group 1 of `pattern` is the text between the quotes, group 2 must not be empty if it exists."""
        self._data = data
        self._matches = pattern.finditer(data)
        self.last = 1
        self._counted = 0

    def next(self, key: str) -> int:
        """Return the line of the next match with `key`; the line of the last one found when there is none."""
        wanted = key.encode("utf-8", "surrogatepass")
        for match in self._matches:
            if match.lastindex == match.re.groups and _is(match[1], wanted):
                self.last += self._data.count(b"\n", self._counted, match.start())
                self._counted = match.start()
                break
        return self.last


def _is(written: bytes, wanted: bytes) -> bool:
    return written == wanted or b"\\" in written


# Every text is matched, though only fields are wanted: a search that began inside a text would cost its square.
ENTRY: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:\s*[\[{])?', re.DOTALL)
"""A field of an object whose value is an object or a list."""
NAME: Final = re.compile(rb'"(?:name|ref|package|identity)"\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
"""A field that names the object it stands in."""
TEXT: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
"""Any text."""


def toml_table(data: bytes) -> dict[str, Any]:
    """Return the document (TOML 1.0)."""
    if len(data) > _TOML_SIZE:
        raise DamageError(f"it has {len(data)} bytes, more than the {_TOML_SIZE} that are read")
    try:
        return tomllib.loads(text_of(data))
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        reason = _TOML_PLACE.sub("", str(error)).strip()
        raise DamageError(f"the TOML is malformed ({reason})", int(place[1]) if place else None) from error
    except RecursionError as error:
        raise DamageError("the TOML is nested too deep") from error


def tables(document: dict[str, Any], data: bytes, name: str) -> Iterator[tuple[dict[str, Any], int | None]]:
    """Yield the tables of a TOML array `[[name]]` with the lines of their headers, None where those are not certain."""
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise DamageError(f"`{name}` is not an array of tables")
    text = text_of(data)
    header = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]", re.MULTILINE)
    lines: list[int | None] = []
    line, counted = 1, 0
    for match in header.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        lines.append(line)
    if len(lines) != len(found):  # a text value that looks like a header
        lines = [None] * len(found)
    return zip(found, lines, strict=True)


class Yaml(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a YAML file and where its fields stand."""

    value: Any
    places: dict[int, list[int]]
    starts: list[int]

    def items(self, value: Any) -> Iterator[tuple[str, Any, int]]:
        """Yield key, value and line of each field of a map that is a part of the document; nothing for others."""
        if not isinstance(value, dict):
            return
        places = self.places.get(id(value), [])
        for order, (key, field) in enumerate(value.items()):
            place = places[order] if order < len(places) else 0
            yield key, field, bisect_right(self.starts, place)

    def elements(self, value: Any) -> Iterator[tuple[Any, int]]:
        """Yield value and line of each element of a list that is a part of the document; nothing for others."""
        if not isinstance(value, list):
            return
        places = self.places.get(id(value), [])
        for order, element in enumerate(value):
            place = places[order] if order < len(places) else 0
            yield element, bisect_right(self.starts, place)


def yaml_map(data: bytes) -> Yaml:
    """Return the first document, which must be a map."""
    return yaml_maps(data)[0]


def yaml_maps(data: bytes) -> tuple[Yaml, ...]:
    """Return every document, at least one; each must be a map, empty documents aside."""
    text = text_of(data)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    try:
        documents = build(text.encode("utf-8", "replace"), _YAML)
    except TextError as error:
        raise DamageError(f"the YAML is malformed ({error.reason})", bisect_right(starts, error.index)) from error
    except RecursionError as error:
        raise DamageError("the YAML is nested too deep") from error
    found = [(value, places) for value, _, places in documents if value is not None]
    if not found or not all(isinstance(value, dict) for value, _ in found):
        raise DamageError("it is not a YAML map", 1)
    return tuple(Yaml(value=value, places=places, starts=starts) for value, places in found)


# What a text or comment lacks at the end of the file is forgiven, so that each is matched once, from its start.
_COMMENTS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMAS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|,(?=\s*[\]}])', re.DOTALL)


def plain_json(data: bytes) -> bytes:
    """Return JSON with comments and commas at the end of lists blanked out; every line stays where it is."""
    return _COMMAS.sub(_blank, _COMMENTS.sub(_blank, text_of(data))).encode("utf-8", "surrogatepass")


def _blank(match: re.Match[str]) -> str:
    text = match[0]
    return text if text[0] == '"' else "\n" * text.count("\n")


def words(value: Any) -> Iterator[str]:
    """Yield the texts among the elements of a list or the keys of a map."""
    if isinstance(value, list | dict):
        yield from (item for item in value if isinstance(item, str))


def maps(value: Any) -> Iterable[dict[str, Any]]:
    """Return the maps of a list; nothing for anything else."""
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
