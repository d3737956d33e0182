"""The family of lock file readers: bytes of a lock file become packages with file and line."""

from tidewaiter.scan.lockfiles import package_lock, requirements
from tidewaiter.scan.lockfiles.reader import LockedPackages, Lockfile

BUILTIN: tuple[Lockfile, ...] = (requirements.READER, package_lock.READER)


def lockfile_for(path: str, readers: tuple[Lockfile, ...] = BUILTIN) -> Lockfile | None:
    """Return the reader of a path relative to the tree, None when no member wants it."""
    return next((reader for reader in readers if reader.wants(path)), None)


def wants_lockfile(path: str) -> bool:
    """Tell whether a built-in member reads this path."""
    return lockfile_for(path) is not None


def read_lockfile(data: bytes, path: str, readers: tuple[Lockfile, ...] = BUILTIN) -> LockedPackages:
    """Return what a lock file pins; nothing when no member wants the path; never raises."""
    reader = lockfile_for(path, readers)
    return reader.parse(data, path) if reader is not None else LockedPackages()


__all__ = ["BUILTIN", "LockedPackages", "Lockfile", "lockfile_for", "read_lockfile", "wants_lockfile"]
