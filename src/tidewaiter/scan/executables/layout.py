"""What the formats of executables have in common."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

SECTIONS: Final = 20_000
"""Sections and segments that are read."""


class ExecutableError(Exception):
    """The file is not what its first bytes say: why, as a clause without final stop."""


class Section(NamedTuple):
    """A named piece of the file; offsets and sizes in bytes, already within the file."""

    name: str
    start: int
    size: int


class Segment(NamedTuple):
    """A piece of the file that is mapped to memory."""

    address: int
    start: int
    size: int
    is_writable: bool


@dataclass(frozen=True, slots=True)
class Executable:
    """The parts of one executable."""

    data: memoryview
    sections: tuple[Section, ...]
    segments: tuple[Segment, ...]

    def section(self, name: str) -> memoryview | None:
        """Return the bytes of the first section of this name."""
        return next((self.data[one.start : one.start + one.size] for one in self.sections if one.name == name), None)

    def named(self, name: str) -> Iterator[memoryview]:
        """Yield the bytes of every section of this name."""
        return (self.data[one.start : one.start + one.size] for one in self.sections if one.name == name)

    def at(self, address: int, size: int) -> memoryview | None:
        """Return what is mapped to an address; None when the file does not hold all of it."""
        for one in self.segments:
            shift = address - one.address
            if shift >= 0 and shift + size <= one.size:
                return self.data[one.start + shift : one.start + shift + size]
        return None


def clipped(start: int, size: int, length: int) -> tuple[int, int]:
    """Return start and size of a piece within a file of `length` bytes."""
    start = min(start, length)
    return start, max(0, min(size, length - start))


def name_of(raw: bytes) -> str:
    """Return a name up to its first NUL."""
    return raw.partition(b"\0")[0].decode("ascii", "replace")
