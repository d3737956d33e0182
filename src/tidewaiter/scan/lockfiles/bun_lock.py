"""`bun.lock`, JSON with comments (oven-sh/bun: docs/install/lockfile.md); the binary `bun.lockb` is not read."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages
from tidewaiter.scan.lockfiles.npm_names import split_descriptor
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import ENTRY, Lines, json_object, plain_json

_FIELDS: Final = (("prod", "dependencies"), ("optional", "optionalDependencies"), ("dev", "devDependencies"))
_LOCAL: Final = ("workspace:", "link:", "file:", "root:")


class _BunLock(NamedReader):
    """Reads Bun's text lock file."""

    id: Final = "bun-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "npm"})
    names: ClassVar[frozenset[str]] = frozenset({"bun.lock"})
    advice: ClassVar[str] = "make the file anew with `bun install --lockfile-only`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages; a key `a/b` is the copy of `b` that only `a` sees."""
        del beside
        plain = plain_json(data)
        document = json_object(plain)
        listed = document.get("packages")
        if not isinstance(listed, dict):
            raise DamageError("it has no `packages`")
        lines = Lines(plain, ENTRY)
        entries: list[Entry] = []
        members = {name for name, workspace in mapping(document.get("workspaces")).items() if name and workspace}
        for key, written in listed.items():
            line = lines.next(key)
            if not isinstance(written, list) or not written or not isinstance(written[0], str):
                yield odd(path, f"entry `{key[:80]}` is not a list that begins with a name", line)
                continue
            name, version = split_descriptor(written[0])
            if version.startswith(_LOCAL):
                continue
            if not version or ":" in version or "/" in version:
                yield unversioned(path, name, line, version)
                continue
            needs = _needs(key, next((item for item in written[1:] if isinstance(item, dict)), {}), listed)
            entries.append(Entry(package=locked("npm", name, version, (path, line)), key=key, needs=needs))
        yield from packages(entries, _roots(document, members, listed))


READER: Final = _BunLock()


def _needs(key: str, entry: Mapping[str, Any], listed: Mapping[str, Any]) -> tuple[str, ...]:
    names = (name for field in ("dependencies", "optionalDependencies") for name in mapping(entry.get(field)))
    return tuple(found for name in names if (found := _seen_from(key, name, listed)) is not None)


def _seen_from(key: str, name: str, listed: Mapping[str, Any]) -> str | None:
    """Return the key of the copy of `name` that the package under `key` sees: the nearest on the way to the root."""
    parts = key.split("/")
    for length in range(min(len(parts), 40), 0, -1):
        place = "/".join((*parts[:length], name))
        if place in listed:
            return place
    return name if name in listed else None


def _roots(document: Mapping[str, Any], members: set[str], listed: Mapping[str, Any]) -> Roots:
    asked: dict[str, set[str]] = {kind: set() for kind, _ in _FIELDS}
    for place, workspace in mapping(document.get("workspaces")).items():
        here = text(mapping(workspace).get("name")) if place in members else ""
        for kind, field in _FIELDS:
            for name in mapping(mapping(workspace).get(field)):
                asked[kind].add(_seen_from(here, name, listed) or name)
    return Roots(**{kind: frozenset(keys) for kind, keys in asked.items()})
