"""What a reader of installed packages declares and returns."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

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
    origins: tuple[tuple[str, str, str], ...] = ()
    """Name and `version-release` (without epoch) of an rpm, and the repository it was installed from."""


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
        """Return first bytes by which an executable file is read whatever its name; empty to go by `globs` alone.

        Only regular files with an execute bit are looked at; `wants` is not asked. One above `max_bytes` becomes an
        Unknown. A file that a glob already selects is handed over once.
        """
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


@runtime_checkable
class ViewAnalyzer(Analyzer, Protocol):
    """An analyzer that can do without a copy of the file: large binaries are handed over where they already lie.

    The engine then calls `parse_view` and never `parse`. The view is contiguous, read-only bytes; it ends with the
    call, so whatever outlives the call is copied out of it (`bytes(data[start:end])`). A plain layer's file is mapped
    and only the touched pages are ever read.
    """

    def parse_view(self, data: memoryview, path: str) -> AnalyzerResult:
        """Read one file as `parse` would; neither `data` nor a slice of it may be kept."""
        ...


@runtime_checkable
class CompanionAnalyzer(Analyzer, Protocol):
    """An analyzer of a database that keeps a part of itself in files beside it: `rpmdb.sqlite` and its `-wal`.

    Members of a layer come in any order, so the database waits until the layer's end and is then handed over together
    with those files of `companions` that lie in the same folder of the same layer. Only `parse_beside` is called,
    with an empty mapping when nothing lies beside it. A companion without its database in the same layer (a later
    layer wrote only the log) becomes an Unknown. Waiting bodies are bounded by `Limits.waiting_bytes`.
    """

    @property
    def companions(self) -> tuple[str, ...]:
        """Return the names of the files that may lie beside a file of `globs`."""
        ...

    def parse_beside(self, data: bytes, path: str, beside: Mapping[str, bytes]) -> AnalyzerResult:
        """Read one file with what lies beside it: file name (without folder) -> body, empty bodies left out."""
        ...


def damaged(path: str, reason: str, *, advice: str = "") -> Unknown:
    """Return the Unknown of a package file that could not be read as its format says."""
    return Unknown(subject=path, reason=reason, advice=advice)
