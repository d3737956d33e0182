"""`Cargo.lock`, versions 1 to 4 (rust-lang/cargo: src/cargo/core/resolver/encode.rs).

Crates of the workspace have no source and are no packages. Which of their dependencies are for tests and builds stands
in their manifests.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import text, texts
from tidewaiter.scan.lockfiles.cargo_manifest import asked_for
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages
from tidewaiter.scan.lockfiles.reader import Beside, Found, NamedReader, locked, odd
from tidewaiter.scan.lockfiles.source import tables, toml_table

_CRATES_IO: Final = ("registry+", "sparse+")


class _CargoLock(NamedReader):
    """Reads Rust's lock file."""

    id: Final = "cargo-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "cargo"})
    names: ClassVar[frozenset[str]] = frozenset({"Cargo.lock"})
    neighbours: ClassVar[frozenset[str]] = frozenset({"Cargo.toml"})
    advice: ClassVar[str] = "make the file anew with `cargo generate-lockfile`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the crates; those that a crate of the workspace asks for are direct."""
        document = toml_table(data)
        entries: list[Entry] = []
        local: list[dict[str, Any]] = [document["root"]] if isinstance(document.get("root"), dict) else []
        versions: dict[str, list[str]] = {}
        listed = list(tables(document, data, "package"))
        for table, _ in listed:
            versions.setdefault(text(table.get("name")), []).append(_key(table))
        for table, line in listed:
            name, version = text(table.get("name")), text(table.get("version"))
            if not name or not version:
                yield odd(path, "a [[package]] has no name or version", line)
                continue
            source = text(table.get("source"))
            if not source:
                local.append(table)
                continue
            repository = "" if source.startswith(_CRATES_IO) else source
            package = locked("cargo", name, version, (path, line), repository=repository)
            entries.append(Entry(package=package, key=_key(table), needs=_needs(table, versions)))
        roots, is_known = _roots(local, versions, path, beside)
        yield from packages(entries, roots, scopes=is_known)


READER: Final = _CargoLock()


def _key(table: dict[str, Any]) -> str:
    return f"{text(table.get('name'))} {text(table.get('version'))}"


def _needs(table: dict[str, Any], versions: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the keys of `dependencies`, written as `name`, `name version` or `name version (source)`."""
    found: list[str] = []
    for written in texts(table.get("dependencies")):
        parts = written.split(" ")
        found.extend([" ".join(parts[:2])] if len(parts) > 1 else versions.get(parts[0], []))
    return tuple(found)


def _roots(
    local: list[dict[str, Any]], versions: dict[str, list[str]], path: str, beside: Beside
) -> tuple[Roots, bool]:
    """Return what the workspace asks for, and whether its manifests tell for what."""
    manifests = asked_for(path, frozenset(text(table.get("name")) for table in local), beside)
    asked: dict[str, set[str]] = {"prod": set(), "dev": set()}
    for table in local:
        prod = manifests[text(table.get("name"))]["prod"] if manifests is not None else None
        for key in _needs(table, versions):
            asked["prod" if prod is None or key.partition(" ")[0] in prod else "dev"].add(key)
    return Roots(**{scope: frozenset(keys) for scope, keys in asked.items()}), manifests is not None
