"""`deno.lock`, versions 3 to 5 (denoland/deno_lockfile: src); npm packages are packages, jsr packages and URLs are told.

Version 2 kept the same npm part at the top of the file as version 4.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import mapping, text, texts
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages
from tidewaiter.scan.lockfiles.npm_names import split_descriptor
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, damaged, locked, odd
from tidewaiter.scan.lockfiles.source import ENTRY, Lines, json_object


class _DenoLock(NamedReader):
    """Reads Deno's lock file."""

    id: Final = "deno-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "npm"})
    names: ClassVar[frozenset[str]] = frozenset({"deno.lock"})
    advice: ClassVar[str] = "make the file anew with `deno install --frozen=false`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the npm packages, and one remark about what no advisory speaks of."""
        del beside
        document = json_object(data)
        if str(document.get("version")) not in {"2", "3", "4", "5"}:
            raise DamageError(f"its version {str(document.get('version'))[:20]!r} is not 2 to 5")
        holder = mapping(document.get("packages")) or document
        npm = mapping(holder.get("npm"))
        npm = mapping(npm.get("packages")) or npm
        lines = Lines(data, ENTRY)
        by_name: dict[str, list[str]] = {}
        for key in npm:
            by_name.setdefault(split_descriptor(key)[0], []).append(key)
        entries: list[Entry] = []
        for key, entry in npm.items():
            line = lines.next(key)
            name, version = split_descriptor(key)
            version = version.partition("_")[0]
            if not name or not version or not isinstance(entry, dict):
                yield odd(path, f"entry `{key[:80]}` is no npm package", line)
                continue
            package = locked("npm", name, version, (path, line), scope="prod")
            entries.append(Entry(package=package, key=key, needs=_needs(entry, by_name)))
        yield from packages(entries, _roots(document, holder, by_name), scopes=False)
        yield from _others(document, holder, path)


READER: Final = _DenoLock()


def _needs(entry: Mapping[str, Any], npm: Mapping[str, list[str]]) -> tuple[str, ...]:
    written = entry.get("dependencies")
    names = [text(one) for one in written.values()] if isinstance(written, dict) else list(texts(written))
    names.extend(texts(entry.get("optionalDependencies")))
    return tuple(found for name in names for found in _keys(name, npm))


def _keys(name: str, npm: Mapping[str, list[str]]) -> list[str]:
    """Return the keys that a dependency names: a whole key, an alias of one, or a name alone."""
    if name in npm:
        return npm[name]
    key = name.rpartition("@npm:")[2]
    return [key] if key in npm.get(split_descriptor(key)[0], ()) else []


def _roots(document: Mapping[str, Any], holder: Mapping[str, Any], npm: Mapping[str, list[str]]) -> Roots | None:
    """Return what the workspace asks for; None when the file does not say."""
    workspace = mapping(document.get("workspace"))
    parts = [workspace, *(mapping(one) for one in mapping(workspace.get("members")).values())]
    asked = [one for part in parts for one in texts(part.get("dependencies"))]
    asked += [one for part in parts for one in texts(mapping(part.get("packageJson")).get("dependencies"))]
    if not asked:
        return None
    specifiers = mapping(holder.get("specifiers"))
    found = set()
    for specifier in asked:
        version = text(specifiers.get(specifier))
        name = split_descriptor(specifier.removeprefix("npm:"))[0]
        found.update(_keys(version.removeprefix("npm:") if version.startswith("npm:") else f"{name}@{version}", npm))
    return Roots(prod=frozenset(found))


def _others(document: Mapping[str, Any], holder: Mapping[str, Any], path: str) -> Iterator[Found]:
    counts = {
        "packages of jsr": len(mapping(holder.get("jsr"))),
        "modules by address": len(mapping(document.get("remote"))),
    }
    told = " and ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    if told:
        reason = f"it pins {told}, of which no advisory speaks"
        yield damaged(path, reason, advice="look at them by hand", incomplete=False)
