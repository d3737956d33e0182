"""The family of lock file readers: bytes of a lock file become packages with file and line."""

from tidewaiter.scan.lockfiles.family import BUILTIN, NEIGHBOURS, lockfile_for, read_lockfile, wants_lockfile
from tidewaiter.scan.lockfiles.reader import LockedPackages, Lockfile
from tidewaiter.scan.lockfiles.tree import LockfileTree

__all__ = [
    "BUILTIN",
    "NEIGHBOURS",
    "LockedPackages",
    "Lockfile",
    "LockfileTree",
    "lockfile_for",
    "read_lockfile",
    "wants_lockfile",
]
