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

    def folder(self, path: str) -> str:
        """Return the real path of a folder; every component may be a link. A loop leaves the path as it is."""
        if not self._links:
            return path
        known = self._folders.get(path)
        if known is None:
            known = self._folders[path] = self._follow(path)
        return known

    def parent(self, path: str) -> str:
        """Return the path with its folder made real and its own name untouched."""
        folder, name = split(path)
        real = self.folder(folder)
        return path if real == folder else join(real, name)

    def file(self, path: str) -> str:
        """Return the real path of a file, which may be a link itself."""
        return self._follow(path)

    def is_too_deep(self, path: str) -> bool:
        """Return whether the path stays unresolved: too many links on it, or links that go in a circle."""
        return self._followed(path) is None

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
