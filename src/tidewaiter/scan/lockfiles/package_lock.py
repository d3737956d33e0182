"""`package-lock.json` and `npm-shrinkwrap.json`, lock versions 1, 2 and 3 (npm/cli: docs package-lock.json)."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.json_text import JsonError, decode, text
from tidewaiter.scan.lockfiles.graph import Entry, packages
from tidewaiter.scan.lockfiles.manifest import neighbour
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, Scope, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import ENTRY, Lines, words

_MODULES: Final = "node_modules/"
_ROOT_FIELDS: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_MOST: Final = 500_000
_DEEPEST: Final = 40
"""Nested folders of packages in which a needed one is looked for."""


class _PackageLock(NamedReader):
    """Reads npm's lock files."""

    id: Final = "package-lock"
    version: Final = 2
    tags: Final = frozenset({"lockfile", "npm"})
    names: ClassVar[frozenset[str]] = frozenset({"package-lock.json", "npm-shrinkwrap.json"})
    neighbours: ClassVar[frozenset[str]] = frozenset({"package.json"})
    advice: ClassVar[str] = "make the file anew with `npm install --package-lock-only`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages with the lines of their entries; links and workspaces are no packages."""
        try:
            document = decode(data, size=self.size)
        except JsonError as error:
            raise DamageError(str(error)) from error
        wrong = _wrong(document)
        if wrong:
            raise DamageError(wrong)
        lines = Lines(data, ENTRY)
        if isinstance(document.get("packages"), dict):
            return _by_path(document["packages"], path, lines)
        if isinstance(document.get("dependencies"), dict):
            manifest = neighbour(path, "package.json", beside)
            return _by_name(document["dependencies"], path, lines, None if manifest is None else _asked_for(manifest))
        if "lockfileVersion" not in document:
            raise DamageError("it has neither `packages` nor `dependencies`")
        return iter(())


READER: Final = _PackageLock()


def _wrong(document: Any) -> str:
    """Return why the document is no lock file that this reader knows, empty when it is one."""
    if not isinstance(document, dict):
        return "it is not a JSON object"
    version = document.get("lockfileVersion", 1)
    if type(version) is not int or not 1 <= version <= 3:
        return f"its lockfileVersion {str(version)[:20]!r} is not 1, 2 or 3"
    for field in ("packages", "dependencies"):
        if not isinstance(document.get(field, {}), dict):
            return f"`{field}` is not a map"
    return ""


def _by_path(entries: Mapping[str, Any], path: str, lines: Lines) -> Iterator[Found]:
    """Versions 2 and 3: keyed by the place in the tree."""
    asked = {key: _asked_for(entry) for key, entry in entries.items() if _MODULES not in key}
    found: list[Entry] = []
    for key, entry in entries.items():
        line = lines.next(key) if isinstance(entry, dict) else lines.last
        if _MODULES not in key or not isinstance(entry, dict) or entry.get("link") is True:
            if _MODULES in key and not isinstance(entry, dict):
                yield odd(path, f"entry `{key}` is not a map", line)
            continue
        holder, _, alias = key.rpartition(_MODULES)
        named = entry.get("name")
        name = named if isinstance(named, str) and named else alias
        direct = alias in asked.get(holder.rstrip("/"), frozenset())
        package = _package(name, entry, path=path, line=line, direct=direct)
        if isinstance(package, Unknown):
            yield package
        else:
            found.append(Entry(package=package, key=key, needs=_needs(key, entry, entries)))
    yield from packages(found)


def _needs(key: str, entry: Mapping[str, Any], entries: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the places of what an entry needs: the nearest `node_modules` that holds it, as Node.js looks."""
    found: list[str] = []
    folders = [f"{key}/"]
    while len(folders) < _DEEPEST and _MODULES in folders[-1]:
        folders.append(folders[-1].rpartition(_MODULES)[0])
    for name in _names(entry, ("dependencies", "optionalDependencies")):
        found.extend(next(([place] for folder in folders if (place := f"{folder}{_MODULES}{name}") in entries), []))
    return tuple(found)


def _by_name(entries: Mapping[str, Any], path: str, lines: Lines, asked: frozenset[str] | None) -> Iterator[Found]:
    """Version 1: nested by name; what the application asked for itself stands in package.json."""
    stack = [iter(entries.items())]
    seen = 0
    while stack and seen < _MOST:
        pair = next(stack[-1], None)
        if pair is None:
            stack.pop()
            continue
        seen += 1
        name, entry = pair
        line = lines.next(name) if isinstance(entry, dict) else lines.last
        if not isinstance(entry, dict):
            yield odd(path, f"entry `{name}` is not a map", line)
            continue
        if not _is_local(entry.get("version")):
            yield _package(
                *_unaliased(name, entry),
                path=path,
                line=line,
                direct=None if asked is None else len(stack) == 1 and name in asked,
            )
        nested = entry.get("dependencies")
        if isinstance(nested, dict):
            stack.append(iter(nested.items()))


def _asked_for(entry: Any) -> frozenset[str]:
    return frozenset(_names(entry, _ROOT_FIELDS)) if isinstance(entry, dict) else frozenset()


def _names(entry: Mapping[str, Any], fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        yield from words(entry.get(field))


def _is_local(version: Any) -> bool:
    return isinstance(version, str) and version.startswith(("file:", "link:"))


def _unaliased(name: str, entry: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the real name and version behind `npm:real@1.2.3`."""
    version = entry.get("version")
    if not isinstance(version, str) or not version.startswith("npm:"):
        return name, entry
    real, _, number = version.removeprefix("npm:").rpartition("@")
    return (real, {**entry, "version": number}) if real else (name, entry)


def _package(name: str, entry: Mapping[str, Any], *, path: str, line: int, direct: bool | None) -> Found:
    version = entry.get("version")
    if not isinstance(version, str) or not version or ":" in version or "/" in version:
        return unversioned(path, name, line, text(version) or text(entry.get("resolved")))
    licence = entry.get("license")
    return locked(
        "npm",
        name,
        version,
        (path, line),
        scope=_scope(entry),
        direct=direct,
        licence=licence if isinstance(licence, str) else "",
    )


def _scope(entry: Mapping[str, Any]) -> Scope:
    if entry.get("dev") is True:
        return "dev"
    if entry.get("optional") is True or entry.get("devOptional") is True:
        return "optional"
    return "prod"
