"""`Pipfile.lock` (pypa/pipfile, pypa/pipenv: docs/pipfile.md); the names asked for are in the Pipfile."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.core.model.package import normalised_python_name
from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.graph import scope_of_group
from tidewaiter.scan.lockfiles.manifest import sibling
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import ENTRY, Lines, json_object, toml_table

_SOURCES: Final = ("git", "hg", "svn", "bzr", "file", "path")


class _PipfileLock(NamedReader):
    """Reads Pipenv's lock file."""

    id: Final = "pipfile-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "pypi"})
    names: ClassVar[frozenset[str]] = frozenset({"Pipfile.lock"})
    neighbours: ClassVar[frozenset[str]] = frozenset({"Pipfile"})
    advice: ClassVar[str] = "make the file anew with `pipenv lock`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages of each category: `default`, `develop` and those that people named."""
        document = json_object(data)
        if not isinstance(document.get("_meta"), dict):
            raise DamageError("it has no `_meta`")
        asked = _asked(path, beside)
        lines = Lines(data, ENTRY)
        for category, entries in document.items():
            lines.next(category)
            if category == "_meta" or not isinstance(entries, dict):
                continue
            for name, entry in entries.items():
                line = lines.next(name) if isinstance(entry, dict) else None
                if not isinstance(entry, dict):
                    yield odd(path, f"`{name[:80]}` in `{category[:40]}` is no map")
                    continue
                written = text(entry.get("version"))
                version = written.lstrip("=").strip()
                if not version or not written.startswith("=="):
                    source = next((text(entry.get(kind)) for kind in _SOURCES if kind in entry), "")
                    yield unversioned(path, name, line, source)
                    continue
                direct = normalised_python_name(name) in asked if asked is not None else None
                yield locked("pypi", name, version, (path, line), scope=scope_of_group(category), direct=direct)


READER: Final = _PipfileLock()


def _asked(path: str, beside: Beside) -> frozenset[str] | None:
    """Return what the Pipfile names, None when it is not at hand or damaged."""
    data = beside(sibling(path, "Pipfile"))
    if data is None:
        return None
    try:
        document: dict[str, Any] = toml_table(data)
    except DamageError:
        return None
    tables = (mapping(table) for key, table in document.items() if key not in {"source", "requires", "scripts"})
    return frozenset(normalised_python_name(name) for table in tables for name in table)
