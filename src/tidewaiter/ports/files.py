"""Reading a source tree."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from tidewaiter.core.model.verdict import Unknown


class TreeFile(NamedTuple):
    """One file of a tree."""

    path: str
    """Relative to the root, `/` separates."""
    data: bytes


class FileTree(Protocol):
    """The files of a tree that may hold facts, in the order of their paths."""

    def __iter__(self) -> Iterator[TreeFile]:
        """Read the files one by one; whatever cannot be read becomes one of `unknowns`."""
        ...

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Return what could not be read so far; complete when the iteration has ended."""
        ...


class FilesError(Exception):
    """The tree as a whole cannot be read."""

    def __init__(self, message: str, advice: str) -> None:
        """Say what happened to which path, and what to do."""
        super().__init__(message)
        self.message = message
        self.advice = advice
