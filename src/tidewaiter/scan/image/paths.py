"""Names inside an image: normal form, parents, and symbolic links on the way."""

from collections.abc import Mapping


def normalise(name: str) -> str | None:
    """Return the path without leading `./` and `/`, `..` collapsed; None when it leads out of the root."""
    if name and "/." not in name and "//" not in name and name[0] not in "./" and name[-1] != "/":
        return name
    parts: list[str] = []
    for part in name.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def split(path: str) -> tuple[str, str]:
    """Return folder (empty for the root) and name."""
    folder, _, name = path.rpartition("/")
    return folder, name


def join(folder: str, name: str) -> str:
    """Return the path of `name` in `folder`, which is empty for the root."""
    return f"{folder}/{name}" if folder else name


class Resolver:
    """Follows symbolic links of a merged tree, at most `depth` on one path, and never out of the root."""

    def __init__(self, links: Mapping[str, str], depth: int) -> None:
        """Take the links as path -> target as written; the mapping must not change afterwards."""
        self._links = links
        self._depth = depth
        self._folders: dict[str, str] = {"": ""}
        """Real paths of the folders that were asked for, and of their parents."""
        self._changed: set[str] = set()
        """Those of them that links lead elsewhere, or that are not in normal form."""

    @property
    def has_links(self) -> bool:
        """Return whether any path can differ from the real one."""
        return bool(self._links)

    def folder(self, path: str) -> str:
        """Return the real path of a folder; every component may be a link. A loop leaves the path as it is."""
        if not self._links:
            return path
        known = self._folders.get(path)
        if known is None:
            known = self._learn(path)
        return known

    def parent(self, path: str) -> str:
        """Return the path with its folder made real and its own name untouched."""
        folder, _, name = path.rpartition("/")
        real = self._folders.get(folder) or self.folder(folder)
        return path if real == folder else join(real, name)

    def file(self, path: str) -> str:
        """Return the real path of a file, which may be a link itself."""
        folder, _, name = path.rpartition("/")
        if folder in self._folders and self._is_plain(path, folder, name):
            return path
        return self._follow(path)

    def is_too_deep(self, path: str) -> bool:
        """Return whether the path stays unresolved: too many links on it, or links that go in a circle."""
        return self._followed(path) is None

    def _learn(self, path: str) -> str:
        """Find the real path of a folder and, on the way, of its parents: most of them are no links."""
        chain: list[str] = []
        at = path
        while at not in self._folders:
            chain.append(at)
            at = at.rpartition("/")[0]
        real = self._folders[at]
        for one in reversed(chain):
            parent, _, name = one.rpartition("/")
            if self._is_plain(one, parent, name):
                real = one
            else:
                real = self._follow(one)
                self._changed.add(one)
            self._folders[one] = real
        return real

    def _is_plain(self, path: str, parent: str, name: str) -> bool:
        """Return whether a path is its own real path because its parent's is, which is known already."""
        return (
            path not in self._links and parent not in self._changed and name not in {"", ".", ".."} and path[0] != "/"
        )

    def _follow(self, path: str) -> str:
        real = self._followed(path)
        return path if real is None else real

    def _followed(self, path: str) -> str | None:
        pending = path.split("/")[::-1]
        done: list[str] = []
        followed = 0
        while pending:
            part = pending.pop()
            if part in {"", "."}:
                continue
            if part == "..":
                del done[-1:]
                continue
            done.append(part)
            target = self._links.get("/".join(done))
            if target is None:
                continue
            followed += 1
            if followed > self._depth:
                return None
            if target.startswith("/"):
                done = []
            else:
                done.pop()
            pending.extend(target.split("/")[::-1])
        return "/".join(done)
