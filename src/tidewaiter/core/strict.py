"""Decodes our own documents strictly: every mistake names file, line, column and what was probably meant."""

import difflib
import re
from typing import Any, Final, TypeVar

import msgspec

from tidewaiter.core.model.location import Location, Position, Positions

T = TypeVar("T")

_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN_FIELD: Final = "Object contains unknown field `"
_KNOWN_AT_MOST: Final = 14
"""A list of known keys longer than this helps nobody."""


class DocumentError(ValueError):
    """One mistake in one document of ours."""

    def __init__(self, message: str, *, location: Location, advice: str = "") -> None:
        """Keep the place and what to write instead; `str()` gives `file:line:column: message`."""
        super().__init__(f"{location}: {message}")
        self.message = message
        self.location = location
        self.advice = advice


def place(file: str, pointer: str, positions: Positions | None) -> Location:
    """Return the location of a JSON Pointer; without positions only file and pointer are known."""
    found: Position | None = positions.find(pointer) if positions is not None else None
    if found is None:
        return Location(file=file, pointer=pointer or None)
    return Location(file=file, line=found.line, column=found.column, pointer=pointer or None)


def convert(value: Any, wanted: type[T], *, file: str, positions: Positions | None = None, pointer: str = "") -> T:
    """Return `value` as a `wanted`; raises `DocumentError` at the first mistake.

    `pointer` is the JSON Pointer of `value` in its document.
    """
    try:
        return msgspec.convert(value, wanted)
    except (msgspec.ValidationError, ValueError) as error:
        raise _translated(str(error), wanted, file, positions, pointer) from error


def _translated(text: str, wanted: Any, file: str, positions: Positions | None, pointer: str) -> DocumentError:
    message, _, path = text.partition(" - at `")
    steps = _steps(path.rstrip("`"))
    where = pointer + "".join(f"/{_escaped(step)}" for step in steps)
    if message.startswith(_UNKNOWN_FIELD):
        name = message.removeprefix(_UNKNOWN_FIELD).rstrip("`")
        return DocumentError(
            f"unknown key `{name}`",
            location=place(file, f"{where}/{_escaped(name)}", positions),
            advice=did_you_mean(name, _fields(wanted, steps)),
        )
    return DocumentError(_plain(message), location=place(file, where, positions))


def _steps(path: str) -> list[str]:
    """Return the keys of a msgspec path such as `$.spec.rules[0]`; a `[...]` (some key of a mapping) ends it."""
    known, _, _ = path.partition("[...]")
    return [name or index for name, index in _STEP.findall(known)]


def _fields(wanted: Any, steps: list[str]) -> list[str]:
    """Return the document names of the fields of the Struct at `steps` of a type, as far as they can be told."""
    for step in steps:
        inner = next((field.type for field in _struct_fields(wanted) if field.encode_name == step), None)
        if inner is None and step.isdigit():
            inner = next(iter(getattr(wanted, "__args__", ())), None)
        wanted = inner
    return [field.encode_name for field in _struct_fields(wanted)]


def _struct_fields(wanted: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    candidates = (wanted, *getattr(wanted, "__args__", ()))
    found = next((one for one in candidates if isinstance(one, type) and issubclass(one, msgspec.Struct)), None)
    return msgspec.structs.fields(found) if found is not None else ()


def did_you_mean(word: str, known: list[str]) -> str:
    """Return `did you mean ...?` for the nearest known word, else the known words when they are few."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known keys: {', '.join(sorted(known))}" if 0 < len(known) <= _KNOWN_AT_MOST else ""


def _plain(message: str) -> str:
    """Say msgspec's message in the words of YAML."""
    words = {
        "Object missing required field": "missing key",
        "`object`": "a mapping",
        "`array`": "a list",
        "`str`": "a text",
        "`bool`": "true or false",
        "`int`": "a whole number",
        "`float`": "a number",
        "`null`": "nothing",
    }
    for theirs, ours in words.items():
        message = message.replace(theirs, ours)
    return message[:1].lower() + message[1:]


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
