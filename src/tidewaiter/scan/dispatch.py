"""Decides for each path of an image which readers want it, with a few dictionary look-ups instead of a glob loop."""

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Dispatcher(Generic[T]):
    """Maps paths to targets by globs; `*` stays inside one segment, a leading `**/` stands for any folders or none.

    A glob is filed under the most selective literal it has: the whole path, the file name, the folder, or the
    extension. A path then costs four look-ups, whatever the number of globs.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        """File every glob; the order of targets for one path is the order of the entries."""
        self._paths: dict[str, list[T]] = {}
        self._names: dict[str, list[tuple[_Glob, T]]] = {}
        self._suffixes: dict[str, list[tuple[_Glob, T]]] = {}
        self._folders: dict[str, list[tuple[_Glob, T]]] = {}
        for glob, target in entries:
            self._file(glob, target)

    def _file(self, glob: str, target: T) -> None:
        folder, _, name = glob.rpartition("/")
        entry = (_Glob(glob), target)
        if "*" not in glob:
            self._paths.setdefault(glob, []).append(target)
        elif "*" not in name:
            self._names.setdefault(name, []).append(entry)
        elif "*" not in folder:
            self._folders.setdefault(folder, []).append(entry)
        elif "." in name and "*" not in name.rpartition(".")[2]:
            self._suffixes.setdefault(name.rpartition(".")[2], []).append(entry)
        else:
            raise ValueError(f"the glob `{glob}` has no literal name, extension or folder to look up")

    def find(self, path: str, folder: str, name: str) -> tuple[T, ...]:
        """Return the targets that want `path`, which is `folder/name`."""
        named = self._names.get(name)
        suffixed = self._suffixes.get(name[name.rfind(".") + 1 :]) if self._suffixes else None
        held = self._folders.get(folder)
        exact = self._paths.get(path)
        if named is None and suffixed is None and held is None and exact is None:
            return ()
        found = list(exact or ())
        for entries in (named, held, suffixed):
            found.extend(target for filed, target in entries or () if filed.fits(path))
        return tuple(found)

    @property
    def anchors(self) -> tuple[str, ...]:
        """Return the literal paths and folders, which an image may reach through symbolic links."""
        return (*self._paths, *self._folders)


class _Glob:
    """A glob that becomes a pattern when the first path comes by: most globs of a run meet none."""

    __slots__ = ("_glob", "_pattern")

    def __init__(self, glob: str) -> None:
        self._glob = glob
        self._pattern: re.Pattern[str] | None = None

    def fits(self, path: str) -> bool:
        if self._pattern is None:
            self._pattern = glob_pattern(self._glob)
        return self._pattern.fullmatch(path) is not None


def glob_pattern(glob: str) -> re.Pattern[str]:
    """Return the glob as a pattern for `fullmatch`; it is one of our own constants, never a user's."""
    rest = glob.removeprefix("**/")
    body = re.escape(rest).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.compile(("(?:.*/)?" if rest != glob else "") + body, re.DOTALL)
