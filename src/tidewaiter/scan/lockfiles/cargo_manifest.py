"""What `Cargo.toml` says that `Cargo.lock` does not: which dependencies are for tests and builds only."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tidewaiter.scan.json_text import mapping, text, texts
from tidewaiter.scan.lockfiles.manifest import sibling
from tidewaiter.scan.lockfiles.reader import Beside, DamageError
from tidewaiter.scan.lockfiles.source import toml_table

_MOST: Final = 500
"""Members of a workspace."""
_KINDS: Final = (("prod", "dependencies"), ("dev", "dev-dependencies"), ("dev", "build-dependencies"))


def asked_for(path: str, members: frozenset[str], beside: Beside) -> dict[str, dict[str, set[str]]] | None:
    """Return per member of the workspace the names it asks for by scope.

    None unless a manifest is found for every member: with globs in `workspace.members` that cannot be known.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for manifest in _manifests(sibling(path, "Cargo.toml"), beside):
        name = text(mapping(manifest.get("package")).get("name"))
        if name:
            found[name] = _by_scope(manifest)
    return found if members and members <= found.keys() else None


def _manifests(root: str, beside: Beside) -> Iterator[Mapping[str, Any]]:
    first = _read(root, beside)
    if first is None:
        return
    yield first
    for member in texts(mapping(first.get("workspace")).get("members"))[:_MOST]:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(root), member, "Cargo.toml"))
        manifest = _read(place, beside) if not place.startswith(("../", "/")) else None
        if manifest is not None:
            yield manifest


def _read(place: str, beside: Beside) -> Mapping[str, Any] | None:
    data = beside(place)
    try:
        return toml_table(data) if data is not None else None
    except DamageError:
        return None


def _by_scope(manifest: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the names of packages by scope, those for single platforms among them."""
    tables = [manifest, *(mapping(one) for one in mapping(manifest.get("target")).values())]
    found: dict[str, set[str]] = {"prod": set(), "dev": set()}
    for table in tables:
        for scope, field in _KINDS:
            for name, value in mapping(table.get(field)).items():
                found[scope].add(text(mapping(value).get("package")) or name)
    return found
