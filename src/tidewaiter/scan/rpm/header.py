"""One rpm header: an index of tags and a store of values, big-endian (rpm: lib/header.c, lib/rpmtag.h)."""

import struct
from typing import Final, NamedTuple

_INTRO: Final = struct.Struct(">2I")
_ENTRY: Final = struct.Struct(">4I")
_INTEGERS: Final = {1: ("B", 1), 2: ("B", 1), 3: ("H", 2), 4: ("I", 4), 5: ("Q", 8)}
"""Types char, int8, int16, int32 and int64 -> code of `struct`, width."""
_STRING: Final = 6
_BINARY: Final = 7
_TEXTS: Final = frozenset({6, 8, 9})
"""One string, an array of strings, and the translations of one string, the untranslated first."""
_MOST_ENTRIES: Final = 65_535


class HeaderError(ValueError):
    """The blob is no header: its counts exceed it."""


class _Place(NamedTuple):
    kind: int
    offset: int
    number: int


class Header:
    """Gives values by tag; a value whose place lies outside the store counts as absent."""

    def __init__(self, places: dict[int, _Place], store: bytes) -> None:
        """Take the index and the store of values."""
        self._places = places
        self._store = store

    @property
    def tags(self) -> tuple[int, ...]:
        """Return the tags that the index names, each once, in their order."""
        return tuple(self._places)

    def texts(self, tag: int) -> tuple[str, ...]:
        """Return the strings of a tag; empty when absent, of another type or cut off before the first ends."""
        place = self._places.get(tag)
        if place is None or place.kind not in _TEXTS or place.offset >= len(self._store):
            return ()
        count = 1 if place.kind == _STRING else place.number
        parts = self._store[place.offset :].split(b"\0", count) if count else []
        return tuple(part.decode("utf-8", "surrogateescape") for part in parts[:-1])

    def text(self, tag: int) -> str:
        """Return the first string of a tag, characters that are no UTF-8 replaced; empty when absent."""
        place = self._places.get(tag)
        if place is None or place.kind not in _TEXTS or not place.number:
            return ""
        end = self._store.find(b"\0", place.offset)
        return self._store[place.offset : end].decode("utf-8", "replace") if end >= 0 else ""

    def integers(self, tag: int) -> tuple[int, ...]:
        """Return the numbers of a tag; empty when absent, of another type or beyond the store."""
        place = self._places.get(tag)
        if place is None or place.kind not in _INTEGERS:
            return ()
        code, width = _INTEGERS[place.kind]
        if place.offset + width * place.number > len(self._store):
            return ()
        return struct.unpack_from(f">{place.number}{code}", self._store, place.offset)

    def binary(self, tag: int) -> bytes:
        """Return the bytes of a tag; empty when absent, of another type or beyond the store."""
        place = self._places.get(tag)
        if place is None or place.kind != _BINARY or place.offset + place.number > len(self._store):
            return b""
        return self._store[place.offset : place.offset + place.number]


def read_header(blob: bytes) -> Header:
    """Return the header of a blob as the database holds it, without the magic of a package file.

    A tag may stand a second time behind the region that was signed (a "dribble", as rpm calls what installing
    added): the last one counts. HeaderError when the stated counts exceed the blob.
    """
    if len(blob) < _INTRO.size:
        raise HeaderError(f"a header of {len(blob)} bytes")
    entries, size = _INTRO.unpack_from(blob)
    start = _INTRO.size + entries * _ENTRY.size
    if not 0 < entries <= _MOST_ENTRIES or start + size > len(blob):
        raise HeaderError(f"a header that states {entries} tags and {size} bytes of values, in {len(blob)} bytes")
    index = _ENTRY.iter_unpack(memoryview(blob)[_INTRO.size : start])
    places = {tag: _Place(kind, offset, count) for tag, kind, offset, count in index}
    return Header(places, blob[start : start + size])
