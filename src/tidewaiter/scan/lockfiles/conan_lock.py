"""`conan.lock`, version 0.4 (Conan 1, a graph) and 0.5 (Conan 2, lists) (conan-io/conan: conan/internal/model/lockfile)."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import mapping, text, texts
from tidewaiter.scan.lockfiles.graph import Entry, packages
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, Scope, distinct, locked, odd
from tidewaiter.scan.lockfiles.source import NAME, TEXT, Lines, json_object

_REFERENCE: Final = re.compile(r"([A-Za-z0-9_][\w+.-]*)/([^@#%\s]+)(?:@[^#%]*)?(?:[#%].*)?")
_LISTS: Final[tuple[tuple[str, Scope], ...]] = (
    ("requires", "prod"),
    ("build_requires", "dev"),
    ("python_requires", "dev"),
    ("config_requires", "dev"),
)


class _ConanLock(NamedReader):
    """Reads Conan's lock file."""

    id: Final = "conan-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "conan"})
    names: ClassVar[frozenset[str]] = frozenset({"conan.lock"})
    advice: ClassVar[str] = "make the file anew with `conan lock create`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages; what only builds need is of scope dev."""
        del beside
        document = json_object(data)
        if "graph_lock" in document:
            return distinct(_graph(mapping(mapping(document["graph_lock"]).get("nodes")), data, path))
        if any(isinstance(document.get(field), list) for field, _ in _LISTS):
            return distinct(_lists(document, data, path))
        raise DamageError("it has neither `requires` nor `graph_lock`")


READER: Final = _ConanLock()


def _lists(document: dict[str, Any], data: bytes, path: str) -> Iterator[Found]:
    lines = Lines(data, TEXT)
    scopes = dict(_LISTS)
    for field, listed in document.items():
        if field not in scopes:
            continue
        lines.next(field)
        for written in _references(listed):
            line = lines.next(written)
            reference = _REFERENCE.fullmatch(written)
            if reference is None:
                yield odd(path, f"`{written[:80]}` is no reference of a package", line)
            else:
                yield locked("conan", reference[1], reference[2], (path, line), scope=scopes[field])


def _references(listed: Any) -> Iterator[str]:
    """Yield the references of a list; one with known package ids is a list that begins with the reference."""
    for item in listed if isinstance(listed, list) else ():
        first = item[0] if isinstance(item, list) and item else item
        if isinstance(first, str):
            yield first


def _graph(nodes: dict[str, Any], data: bytes, path: str) -> Iterator[Found]:
    """Yield the nodes; the one that nothing requires and that is no reference is the consumer itself."""
    lines = Lines(data, NAME)
    build = {one for node in nodes.values() for one in texts(mapping(node).get("build_requires"))}
    run = {one for node in nodes.values() for one in texts(mapping(node).get("requires"))}
    direct = frozenset(texts(mapping(nodes.get("0")).get("requires")))
    entries: list[Entry] = []
    for key, node in nodes.items():
        written = text(mapping(node).get("ref"))
        if not written or (key == "0" and key not in run | build):
            if written:
                lines.next(written)
            continue
        line = lines.next(written)
        reference = _REFERENCE.fullmatch(written)
        if reference is None:
            yield odd(path, f"`{written[:80]}` is no reference of a package", line)
            continue
        scope: Scope = "dev" if key in build and key not in run else "prod"
        package = locked("conan", reference[1], reference[2], (path, line), scope=scope, direct=key in direct)
        entries.append(Entry(package=package, key=key, needs=texts(mapping(node).get("requires"))))
    yield from packages(entries)
