"""Where a fact stands: in a file of the source tree, in an image, or in both."""

from typing import Protocol

import msgspec


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a text, both numbers counted from 1."""

    line: int
    column: int


class Location(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One place a person can go to; every field may be absent, but not all of them."""

    file: str | None = None
    """Path relative to the checked tree, or the path inside the image when `image` is set; `/` separates."""
    line: int | None = None
    column: int | None = None
    pointer: str | None = None
    """JSON Pointer (RFC 6901) from the root of the YAML or JSON document."""
    layer: int | None = None
    """Index of the image layer, counted from 0 at the bottom."""
    image: str | None = None

    def __str__(self) -> str:
        """Write the place as people read it: `file:line:column`, `image layer 3: path`."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        if self.image is None:
            return place or (self.pointer or "")
        layer = f" layer {self.layer}" if self.layer is not None else ""
        return f"{self.image}{layer}" + (f": {place}" if place else "")


class Positions(Protocol):
    """Finds fields of one document in its text; built lazily, because most fields are never reported."""

    def find(self, pointer: str) -> Position | None:
        """Return where the field at `pointer` begins (at its name; an item of a list at its value).

        Its nearest existing ancestor stands in for a field that is not there; None without text.
        """
        ...
