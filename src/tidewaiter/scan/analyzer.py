"""What a reader of installed packages declares and returns."""

from typing import Protocol

import msgspec

from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown


class AnalyzerResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one file says; the engine adds layers, the distribution and owners."""

    packages: tuple[Package, ...] = ()
    """Without `location` and `distro`: the file they stand in is known to the caller."""
    unknowns: tuple[Unknown, ...] = ()
    """Damage; the packages that could be read are still in `packages`."""
    owned: tuple[tuple[str, str], ...] = ()
    """Path without leading `/` and the name of the OS package that brought it."""


class Analyzer(Protocol):
    """One format of installed package metadata."""

    @property
    def id(self) -> str:
        """Return the kebab-case id, equal to the file name with `-` for `_`."""
        ...

    @property
    def version(self) -> int:
        """Return a number that grows whenever the same input gives another result."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Return the words by which members are selected: `image`, `installed`, the ecosystem."""
        ...

    @property
    def globs(self) -> tuple[str, ...]:
        """Return the files to read: `*` stays inside one path segment, `**/` stands for any folders."""
        ...

    @property
    def magics(self) -> tuple[bytes, ...]:
        """Return first bytes by which an executable file is read whatever its name; empty to go by `globs` alone."""
        ...

    @property
    def max_bytes(self) -> int:
        """Return the largest file that is read; a larger one becomes an Unknown."""
        ...

    def wants(self, path: str) -> bool:
        """Return whether a path that matches a glob is really of this format."""
        ...

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Read one file; damage becomes Unknowns in the result, never an exception."""
        ...


def damaged(path: str, reason: str, *, advice: str = "") -> Unknown:
    """Return the Unknown of a package file that could not be read as its format says."""
    return Unknown(subject=path, reason=reason, advice=advice)
