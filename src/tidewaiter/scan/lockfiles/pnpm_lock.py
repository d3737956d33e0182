"""`pnpm-lock.yaml`, versions 5 to 9 (pnpm/spec: lockfile/5.2.md, 6.0.md, 9.0.md).

A package's key is `/name/1.0.0_peers` in version 5, `/name@1.0.0(peers)` in 6 and `name@1.0.0(peers)` in 9.
A second document holds the project when the first pins the package manager itself (pnpm/pnpm: lockfile/fs).
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

import msgspec

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, Scope, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import Yaml, yaml_maps

_FIELDS: Final = (("prod", "dependencies"), ("optional", "optionalDependencies"), ("dev", "devDependencies"))
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


class _PnpmLock(NamedReader):
    """Reads pnpm's lock file."""

    id: Final = "pnpm-lock"
    version: Final = 2
    tags: Final = frozenset({"lockfile", "npm"})
    names: ClassVar[frozenset[str]] = frozenset({"pnpm-lock.yaml"})
    advice: ClassVar[str] = "make the file anew with `pnpm install --lockfile-only`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages of all documents; what only other peers tell apart is one package."""
        del beside
        for document in yaml_maps(data):
            yield from self._document(document, path)

    def _document(self, document: Yaml, path: str) -> Iterator[Found]:
        major = _major(document.value)
        entries: list[Entry] = []
        graph = mapping(document.value.get("snapshots"))
        for key, entry, line in document.items(document.value.get("packages")):
            if not isinstance(entry, dict):
                yield odd(path, f"entry `{key[:80]}` is not a map", line)
                continue
            if key.startswith("file:"):
                continue
            name, version = split_key(key, major)
            name, version = text(entry.get("name")) or name, text(entry.get("version")) or version
            if not _VERSION.fullmatch(version):
                if not version.startswith(("file:", "link:")):
                    yield unversioned(path, name or key, line, version or key)
                continue
            package = locked("npm", name, version, (path, line), scope=_scope(entry, major))
            plain = _without_peers(key, major)
            entries.append(Entry(package=package, key=plain, needs=_needs(entry, major)))
        entries = list(_merged(entries, graph, major))
        yield from packages(entries, _roots(document, major))


READER: Final = _PnpmLock()


def _major(document: dict[str, Any]) -> int:
    written = str(document.get("lockfileVersion", ""))
    major = written.partition(".")[0]
    if not major.isdecimal() or not 5 <= int(major) <= 9:
        raise DamageError(f"its lockfileVersion {written[:20]!r} is not 5 to 9")
    return int(major)


def split_key(key: str, major: int) -> tuple[str, str]:
    """Return name and version of a key; an origin that is no registry stays in the version."""
    plain = _without_peers(key, major)
    if major == 5:
        name, _, version = plain.lstrip("/").rpartition("/")
        return name, version
    plain = plain.removeprefix("/")
    name, _, version = plain[1:].partition("@")
    return plain[:1] + name, version


def _without_peers(key: str, major: int) -> str:
    if major == 5:
        head, slash, last = key.rpartition("/")
        return head + slash + last.partition("_")[0] if not _is_address(key) else key
    return key.partition("(")[0]


def _is_address(key: str) -> bool:
    return key.startswith(("github.com/", "@git", "file:", "http"))


def _needs(entry: dict[str, Any], major: int) -> tuple[str, ...]:
    """Return the keys, without peers, of what an entry depends on."""
    return tuple(
        _target(name, version, major)
        for field in ("dependencies", "optionalDependencies")
        for name, version in mapping(entry.get(field)).items()
        if isinstance(version, str)
    )


def _target(name: str, version: str, major: int) -> str:
    """Return the key that a name and version lead to; an alias writes the other package's key as its version."""
    if major == 5:
        return _without_peers(version if "/" in version.partition("_")[0] else f"/{name}/{version}", major)
    plain = version.partition("(")[0]
    if plain.startswith("/") or "@" in plain[1:]:
        return plain
    return f"{name}@{plain}" if major == 9 else f"/{name}@{plain}"


def _scope(entry: dict[str, Any], major: int) -> Scope:
    if major == 9:
        return "unknown"
    if entry.get("dev") is True:
        return "dev"
    return "optional" if entry.get("optional") is True else "prod"


def _merged(entries: list[Entry], graph: dict[str, Any], major: int) -> Iterator[Entry]:
    """Yield one entry per key without peers, with what any of its variants needs."""
    needs: dict[str, dict[str, None]] = {}
    first: dict[str, Entry] = {}
    production = {entry.key for entry in entries if entry.package.scope == "prod"}
    for entry in entries:
        first.setdefault(entry.key, entry)
        needs.setdefault(entry.key, {}).update(dict.fromkeys(entry.needs))
    for key, snapshot in graph.items():
        needs.setdefault(_without_peers(key, major), {}).update(dict.fromkeys(_needs(mapping(snapshot), major)))
    for key, entry in first.items():
        package = entry.package
        if key in production and package.scope != "prod":
            package = msgspec.structs.replace(package, scope="prod")
        yield Entry(package=package, key=key, needs=tuple(needs[key]))


def _roots(document: Yaml, major: int) -> Roots:
    """Return what the projects of the workspace, or the only one, ask for."""
    projects = list(mapping(document.value.get("importers")).values()) or [document.value]
    asked: dict[str, set[str]] = {kind: set() for kind, _ in _FIELDS}
    for project in projects:
        for kind, field in _FIELDS:
            for name, written in mapping(mapping(project).get(field)).items():
                version = text(written.get("version")) if isinstance(written, dict) else text(written)
                asked[kind].add(_target(name, version, major))
    return Roots(**{kind: frozenset(keys) for kind, keys in asked.items()})
