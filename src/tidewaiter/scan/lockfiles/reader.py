"""What every lock file reader is and gives."""

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown

_MOST: Final = 20


class LockedPackages(msgspec.Struct, frozen=True, kw_only=True):
    """What one lock file pins, in the order of the file, and what it leaves open."""

    packages: tuple[Package, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


class Lockfile(Protocol):
    """A member of the family `lockfiles`."""

    @property
    def id(self) -> str:
        """Return the kebab-case id, equal to the module's name."""
        ...

    @property
    def version(self) -> int:
        """Return a number that grows when the same bytes give other facts."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Return the ecosystem and other words to select by."""
        ...

    def wants(self, path: str) -> bool:
        """Tell whether the file at `path` (relative to the tree) is one of this kind."""
        ...

    def parse(self, data: bytes, path: str) -> LockedPackages:
        """Return the packages; damage becomes an Unknown, never an exception."""
        ...


def damaged(path: str, reason: str, *, line: int | None = None, advice: str = "", incomplete: bool = True) -> Unknown:
    """Return the Unknown for a lock file or a line of it."""
    location = Location(file=path, line=line)
    return Unknown(
        subject=path, reason=f"{location}: {reason}", advice=advice, location=location, incomplete=incomplete
    )


def bounded(path: str, unknowns: Sequence[Unknown]) -> tuple[Unknown, ...]:
    """Return at most twenty Unknowns, the incomplete ones first to stay, and one that counts the rest."""
    if len(unknowns) <= _MOST:
        return tuple(unknowns)
    kept = sorted(unknowns, key=lambda unknown: not unknown.incomplete)[:_MOST]
    incomplete = any(unknown.incomplete for unknown in unknowns)
    reason = f"{len(unknowns) - _MOST} more entries cannot be read"
    return (*kept, damaged(path, reason, incomplete=incomplete))
