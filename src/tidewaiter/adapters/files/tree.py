"""Walks a directory in the order of its paths and reads what holds facts, within bounds."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from tidewaiter.adapters.files.ignore import SKIPPED_DIRECTORIES, Rules, parse_patterns, read_lines
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.ports.files import FilesError, TreeFile
from tidewaiter.scan.tree_files import file_kind

_IGNORE_ADVICE = "list it under `ignore` in .tidewaiter.yaml if it holds no manifests"


class TreeLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What one tree may cost; a bound that is hit becomes an Unknown."""

    size: int = 16 * 1024 * 1024
    """Bytes of one file."""
    total: int = 1024 * 1024 * 1024
    """Bytes of all files that are read."""
    files: int = 100_000
    """Files that are read."""
    entries: int = 2_000_000
    """Directory entries that are looked at."""
    depth: int = 100
    """Nested directories."""


def _holds_facts(path: str) -> bool:
    return file_kind(path) is not None


def read_tree(
    root: str | Path,
    *,
    ignore: Iterable[str] = (),
    wanted: Callable[[str], bool] = _holds_facts,
    limits: TreeLimits | None = None,
) -> "DirectoryTree":
    """Return the tree below `root`; a single file is a tree of one. Nothing is read before the iteration.

    `ignore` holds patterns in the syntax of `.gitignore`, relative to the root; `wanted` chooses files by their path.
    Raises `FilesError` when `root` does not exist or cannot be opened.
    """
    path = Path(root)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FilesError(f"{root}: {reason.lower()}", "give the path of a directory or of a manifest") from error
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise FilesError(f"{root}: neither a directory nor a regular file", "give a directory or a manifest")
    return DirectoryTree(path, ignore, wanted, limits or TreeLimits())


class DirectoryTree:
    """The files of one directory (`ports.files.FileTree`)."""

    def __init__(self, root: Path, ignore: Iterable[str], wanted: Callable[[str], bool], limits: TreeLimits) -> None:
        """Stand for `root`, an existing directory or regular file."""
        self.root = root
        self._real = Path(os.path.realpath(root))
        self._ignore = parse_patterns(ignore)
        self._wanted = wanted
        self._limits = limits
        self._unknowns: list[Unknown] = []
        self._entries = self._files = self._bytes = 0

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Return what could not be read so far."""
        return tuple(self._unknowns)

    def __iter__(self) -> Iterator[TreeFile]:
        """Read the files in the order of their paths; the second iteration starts anew."""
        self._unknowns.clear()
        self._entries = self._files = self._bytes = 0
        if self.root.is_dir():
            rules = Rules().below("", read_lines(self.root / ".git" / "info" / "exclude"))
            yield from self._directory("", rules, 0)
        else:
            yield from self._file(self.root.name, self.root)

    def _directory(self, prefix: str, rules: Rules, depth: int) -> Iterator[TreeFile]:
        directory = self.root / prefix
        if depth > self._limits.depth:
            self._tell(prefix, f"it is nested deeper than {self._limits.depth} directories", _IGNORE_ADVICE)
            return
        try:
            with os.scandir(directory) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._tell(prefix or ".", f"the directory cannot be read: {_words(error)}", "grant permission to read it")
            return
        rules = rules.below(_shown(prefix), read_lines(directory / ".gitignore"))
        for entry in listed:
            self._entries += 1
            if self._is_exhausted(prefix or "."):
                return
            yield from self._entry(entry, prefix + entry.name, rules, depth)

    def _entry(self, entry: os.DirEntry[str], path: str, rules: Rules, depth: int) -> Iterator[TreeFile]:
        try:
            if entry.is_symlink():
                yield from self._link(entry, path, rules)
            elif entry.is_dir(follow_symlinks=False):
                if not self._is_skipped(entry, f"{path}/", rules):
                    yield from self._directory(f"{path}/", rules, depth + 1)
            elif self._wanted(path) and not self._is_ignored(path, rules):
                if entry.is_file(follow_symlinks=False):
                    yield from self._file(path, Path(entry.path))
                else:
                    self._tell(path, "it is no regular file", _IGNORE_ADVICE, incomplete=_may_be_manifest(path))
        except OSError as error:
            self._tell(path, f"it cannot be looked at: {_words(error)}", "grant permission to read it")

    def _is_skipped(self, entry: os.DirEntry[str], path: str, rules: Rules) -> bool:
        if entry.name in SKIPPED_DIRECTORIES or self._is_ignored(path, rules):
            return True
        return (Path(entry.path) / "pyvenv.cfg").is_file()

    def _is_ignored(self, path: str, rules: Rules) -> bool:
        shown = _shown(path)
        return rules.ignores(shown) or self._ignore.match_file(shown)

    def _link(self, entry: os.DirEntry[str], path: str, rules: Rules) -> Iterator[TreeFile]:
        """Read a link to a file of the tree that has no reader under its own name; other links lead nowhere new."""
        target = Path(os.path.realpath(entry.path))
        is_directory = target.is_dir()
        if self._is_ignored(f"{path}/" if is_directory else path, rules) or entry.name in SKIPPED_DIRECTORIES:
            return
        if not is_directory and not self._wanted(path):
            return
        if not target.is_relative_to(self._real):
            unread = not is_directory and _may_be_manifest(path)
            self._tell(path, "the symbolic link leaves the tree and is not followed", _IGNORE_ADVICE, incomplete=unread)
        elif is_directory or self._wanted(target.relative_to(self._real).as_posix()):
            return
        elif target.is_file():
            yield from self._file(path, target)
        else:
            self._tell(path, "the symbolic link leads nowhere", "remove it or restore its target", incomplete=False)

    def _file(self, path: str, place: Path) -> Iterator[TreeFile]:
        try:
            data = _read(place, self._limits.size)
        except OSError as error:
            self._tell(path, f"it cannot be read: {_words(error)}", "grant permission to read it")
            return
        if data is None:
            bound = self._limits.size
            reason = f"it is larger than the bound of {bound} bytes"
            self._tell(path, reason, _IGNORE_ADVICE, incomplete=_may_be_manifest(path))
            return
        self._files += 1
        self._bytes += len(data)
        yield TreeFile(_shown(path), data)

    def _is_exhausted(self, path: str) -> bool:
        limits = self._limits
        for count, bound, what in (
            (self._entries, limits.entries, "directory entries"),
            (self._files, limits.files, "files to read"),
            (self._bytes, limits.total, "bytes to read"),
        ):
            if count > bound:
                self._tell(path, f"the tree has more than {bound} {what}, the rest was not read", _IGNORE_ADVICE)
                return True
        return False

    def _tell(self, path: str, reason: str, advice: str, *, incomplete: bool = True) -> None:
        name = _shown(path.rstrip("/")) or "."
        self._unknowns.append(
            Unknown(
                subject=name,
                reason=f"{name}: {reason}",
                advice=advice,
                location=Location(file=name),
                incomplete=incomplete,
            )
        )


def _read(path: Path, bound: int) -> bytes | None:
    """Return the bytes of a regular file, None when it is larger than `bound`; never waits on a pipe or device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor has no Path
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("it is no regular file")
        data = stream.read(bound + 1)
    return data if len(data) <= bound else None


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _shown(path: str) -> str:
    """Return the path as text that can be printed and encoded, bytes that are no UTF-8 as escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _may_be_manifest(path: str) -> bool:
    """Tell whether leaving a file out leaves the run incomplete; most JSON files are data and say nothing to a policy."""
    return not path.lower().endswith(".json")
