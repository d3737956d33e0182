"""The lock files of one tree: those that need files beside them wait until all are known."""

from typing import TYPE_CHECKING, Final

from tidewaiter.scan.lockfiles.family import NEIGHBOURS, lockfile_for, read_lockfile
from tidewaiter.scan.lockfiles.manifest import damage_of
from tidewaiter.scan.lockfiles.reader import LockedPackages, damaged

if TYPE_CHECKING:
    from tidewaiter.core.model.package import Package
    from tidewaiter.core.model.verdict import Unknown

_KEPT: Final = 128 << 20
"""Bytes of all files that wait."""


class LockfileTree:
    """Takes the files of a tree in any order and gives what they pin in that order."""

    def __init__(self) -> None:
        """Begin a tree without files."""
        self._found: list[LockedPackages | str] = []
        self._waiting: dict[str, bytes] = {}
        self._size = 0
        self._left_out = ""

    def add(self, data: bytes, path: str) -> None:
        """Read a file, or keep it when it is needed with others."""
        name = path.rpartition("/")[2]
        reader = lockfile_for(path)
        if reader is not None and not reader.neighbours:
            self._found.append(read_lockfile(data, path))
        elif self._size + len(data) > _KEPT:
            self._left_out = self._left_out or path
            self._found.append(read_lockfile(data, path))
        elif reader is not None or name in NEIGHBOURS:
            self._size += len(data)
            self._waiting[path] = data
            self._found.append(path)

    def result(self) -> LockedPackages:
        """Return the packages and Unknowns of all files."""
        packages: list[Package] = []
        unknowns: list[Unknown] = []
        for one in self._found:
            if isinstance(one, str) and lockfile_for(one) is None:
                damage = damage_of(self._waiting[one], one)
                unknowns.extend([damage] if damage is not None else [])
                continue
            found = read_lockfile(self._waiting[one], one, self._waiting.get) if isinstance(one, str) else one
            packages.extend(found.packages)
            unknowns.extend(found.unknowns)
        if self._left_out:
            reason = f"the files that belong together have more than {_KEPT} bytes, so from here on each is read alone"
            unknowns.append(damaged(self._left_out, reason, advice="list what is no source under `ignore`"))
        return LockedPackages(packages=tuple(packages), unknowns=tuple(unknowns))
