"""Advisories that people keep in small files: JSON, JSON lines, or one YAML or TOML document per file."""

import re
import tomllib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import BinaryIO, Final, TypeVar

import msgspec

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges import RangeError, RangeLanguage
from tidewaiter.core.vuln.ranges.algebra import complement, united, with_fixes
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.scan.advisories.osv_text import osv_parts
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError
from tidewaiter.scan.yaml_text.builder import build
from tidewaiter.scan.yaml_text.errors import TextError
from tidewaiter.scan.yaml_text.limits import Limits

T = TypeVar("T")
_LARGEST: Final = 128 << 20
_ONE: Final = Limits(size=1 << 20, depth=32, nodes=100_000, aliased=1000, documents=1)
_FRONT: Final = re.compile(rb"\s*```toml\s*\n(.*?)\n```[ \t\r]*(?:\s*\n#\s*([^\n]*))?", re.DOTALL)
_TITLE: Final = 160


def curated(
    stream: BinaryIO, decoder: msgspec.json.Decoder[T], *, problem: Callable[[str, str], None]
) -> Iterator[tuple[str, T]]:
    """Yield (place, value) of every part that decodes; `problem` is told of the others; JsonStreamError.

    A text that starts with a bracket is JSON in any of its forms, with a TOML fence it is TOML in Markdown (the heading
    below becomes `_title`), else YAML.
    """
    for place, data in _parts(stream):
        try:
            yield place, decoder.decode(data)
        except UNREADABLE as error:
            problem(place, str(error))


def outside(language: RangeLanguage, patched: list[str] | None, unaffected: list[str] | None) -> tuple[Interval, ...]:
    """Return the vulnerable versions: all that no patched and no unaffected range holds; RangeError."""
    keys = Keys(language.scheme)
    mended = united((one for text in patched or () for one in language.intervals(text)), keys)
    spared = (one for text in unaffected or () for one in language.intervals(text))
    return with_fixes(complement((*mended, *spared), keys), mended, keys)


def inside(language: RangeLanguage, vulnerable: list[str], patched: list[str] | None) -> tuple[Interval, ...]:
    """Return the union of vulnerable ranges with the fixes that the patched ones begin with; RangeError."""
    keys = Keys(language.scheme)
    mended: list[Interval] = []
    for text in patched or ():
        try:
            mended.extend(language.intervals(text))
        except RangeError:
            continue  # a note such as `none`: no fix that can be named
    return with_fixes(united((one for text in vulnerable for one in language.intervals(text)), keys), mended, keys)


def short(text: str | None) -> str:
    """Return the first line, cut to what a table shows."""
    first = (text or "").strip().partition("\n")[0].strip()
    return first if len(first) <= _TITLE else first[: _TITLE - 1].rstrip() + "…"


def day(text: str | None) -> str:
    """Return the RFC 3339 time at which a date begins, empty for what is no date."""
    found = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text or "")
    return f"{found[0]}T00:00:00Z" if found is not None else ""


def _parts(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise JsonStreamError(f"it is larger than {_LARGEST} bytes")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        yield from osv_parts(BytesIO(data))
        return
    if len(data) > _ONE.size:
        raise JsonStreamError(f"one advisory is larger than {_ONE.size} bytes")
    front = _FRONT.match(data)
    yield "", msgspec.json.encode(_yaml(data) if front is None else _toml(front), enc_hook=str)


def _toml(front: re.Match[bytes]) -> dict[str, object]:
    try:
        value: dict[str, object] = tomllib.loads(front[1].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JsonStreamError(f"its TOML cannot be read: {error}") from error
    value["_title"] = (front[2] or b"").decode("utf-8", "replace")
    return value


def _yaml(data: bytes) -> object:
    try:
        documents = build(data, _ONE)
    except TextError as error:
        raise JsonStreamError(f"its YAML cannot be read: {error}") from error
    return documents[0][0] if documents else None
