"""What every lock file reader is and gives."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, Final, Literal, Protocol, TypeAlias

import msgspec

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown

_MOST: Final = 20
MOST_PACKAGES: Final = 200_000
"""Packages of one file; the largest lock files known have some ten thousand."""
Scope: TypeAlias = Literal["prod", "dev", "test", "optional", "unknown"]
Found: TypeAlias = "Package | Unknown"
Beside: TypeAlias = Callable[[str], bytes | None]
"""Gives the bytes of another file of the tree by its path, None when the tree does not hold it."""
_USER: Final = re.compile(r"://[^/@\s]*@")


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

    @property
    def names(self) -> frozenset[str]:
        """Return the file names it reads; `wants` may add others that only a pattern tells."""
        ...

    @property
    def neighbours(self) -> frozenset[str]:
        """Return the names of other files of the tree that `parse` asks for, so that they are kept."""
        ...

    @property
    def patterns(self) -> tuple[str, ...]:
        """Return what `wants` accepts besides `names`, as globs for people to read."""
        ...

    def wants(self, path: str) -> bool:
        """Tell whether the file at `path` (relative to the tree) is one of this kind."""
        ...

    def parse(self, data: bytes, path: str, beside: Beside = ...) -> LockedPackages:
        """Return the packages; damage becomes an Unknown, never an exception."""
        ...


class DamageError(Exception):
    """The file as a whole cannot be read: why, a clause without final stop, and where."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        """Say what is wrong on which line."""
        super().__init__(reason)
        self.reason = reason
        self.line = line


def nothing(path: str) -> None:
    """Stand for a tree of this one file."""
    del path


class NamedReader(ABC):
    """A reader chosen by file names; a member gives `read`, which may raise `DamageError`."""

    names: ClassVar[frozenset[str]] = frozenset()
    neighbours: ClassVar[frozenset[str]] = frozenset()
    patterns: ClassVar[tuple[str, ...]] = ()
    size: ClassVar[int] = 64 << 20
    advice: ClassVar[str] = "make the file anew with the tool that wrote it"

    def wants(self, path: str) -> bool:
        """Tell whether the file's name is one of `names`."""
        return path.rpartition("/")[2] in self.names

    def parse(self, data: bytes, path: str, beside: Beside = nothing) -> LockedPackages:
        """Return the packages with their lines; damage becomes an Unknown."""
        packages: list[Package] = []
        unknowns: list[Unknown] = []
        try:
            for found in self._within_bounds(data, path, beside):
                if isinstance(found, Unknown):
                    unknowns.append(found)
                elif found.name and found.version:
                    packages.append(found)
                else:
                    line = found.location.line if found.location is not None else None
                    unknowns.append(odd(path, "an entry has no name or no version", line))
        except DamageError as error:
            unknowns.insert(0, damaged(path, error.reason, line=error.line, advice=self.advice))
        return LockedPackages(packages=tuple(packages), unknowns=bounded(path, unknowns))

    def _within_bounds(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        if len(data) > self.size:
            raise DamageError(f"it has {len(data)} bytes, more than the {self.size} that are read")
        for number, found in enumerate(self.read(data, path, beside)):
            if number == MOST_PACKAGES:
                raise DamageError(f"it names more than {MOST_PACKAGES} packages")
            yield found

    @abstractmethod
    def read(self, data: bytes, path: str, beside: Beside) -> Iterable[Found]:
        """Yield packages and Unknowns in the order of the file; raise `DamageError` when there is no more to say."""


def locked(
    type_: str,
    name: str,
    version: str,
    place: tuple[str, int | None],
    *,
    scope: Scope = "unknown",
    direct: bool | None = None,
    licence: str = "",
    repository: str = "",
) -> Package:
    """Return a pinned package; `place` is the path of the lock file and the line."""
    return Package(
        type=type_,
        name=name,
        version=version,
        location=Location(file=place[0], line=place[1]),
        licence=licence,
        found="locked",
        scope=scope,
        direct=direct,
        repository=without_password(repository),
    )


def unversioned(path: str, name: str, line: int | None, source: str = "") -> Unknown:
    """Return the remark about an entry that names no published version, only a source."""
    origin = f", only a source (`{without_password(source)[:80]}`)" if source else ""
    reason = f"`{name[:120]}` has no version{origin}"
    return damaged(path, reason, line=line, advice="depend on a published version", incomplete=False)


def odd(path: str, what: str, line: int | None = None) -> Unknown:
    """Return the Unknown for one entry of another shape than its format says."""
    return damaged(path, what, line=line, advice="make the file anew with the tool that wrote it")


def without_password(text: str) -> str:
    """Return the text with the user and password of an address hidden: a report is read by many."""
    return _USER.sub("://***@", text)


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


def distinct(found: Iterable[Found]) -> Iterator[Found]:
    """Yield each package once: platforms, frameworks and subsets repeat the same name and version."""
    seen: set[tuple[str, str, str]] = set()
    for item in found:
        if isinstance(item, Package):
            key = (item.type, item.name, item.version)
            if key in seen:
                continue
            seen.add(key)
        yield item
