"""`poetry.lock`, versions 1.0 to 2.1 (python-poetry/poetry: src/poetry/packages/locker.py)."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.core.model.package import normalised_python_name
from tidewaiter.scan.json_text import mapping, text, texts
from tidewaiter.scan.lockfiles.graph import Entry, packages, scope_of_group, widest
from tidewaiter.scan.lockfiles.pyproject import python_roots
from tidewaiter.scan.lockfiles.reader import Beside, Found, NamedReader, Scope, locked, odd
from tidewaiter.scan.lockfiles.source import tables, toml_table

_LOCAL: Final = frozenset({"directory", "file"})


class _PoetryLock(NamedReader):
    """Reads Poetry's lock file."""

    id: Final = "poetry-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "pypi"})
    names: ClassVar[frozenset[str]] = frozenset({"poetry.lock"})
    neighbours: ClassVar[frozenset[str]] = frozenset({"pyproject.toml"})
    advice: ClassVar[str] = "make the file anew with `poetry lock`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages; between versions 1.5 and 1.8 Poetry wrote no scope, so pyproject.toml and the graph tell it."""
        document = toml_table(data)
        entries: list[Entry] = []
        for table, line in tables(document, data, "package"):
            name, version = text(table.get("name")), text(table.get("version"))
            source = mapping(table.get("source"))
            if not name or not version:
                yield odd(path, "a [[package]] has no name or version", line)
            elif source.get("type") not in _LOCAL:
                kind = text(source.get("type"))
                repository = text(source.get("url")) if kind in {"git", "url"} else ""
                package = locked("pypi", name, version, (path, line), scope=_scope(table), repository=repository)
                needs = tuple(normalised_python_name(one) for one in mapping(table.get("dependencies")))
                entries.append(Entry(package=package, key=normalised_python_name(name), needs=needs))
        said = any(entry.package.scope != "unknown" for entry in entries)
        yield from packages(entries, python_roots(path, beside), scopes=not said)


READER: Final = _PoetryLock()


def _scope(table: dict[str, Any]) -> Scope:
    groups = texts(table.get("groups")) or texts([table.get("category")])
    if table.get("optional") is True and all(scope_of_group(group) == "prod" for group in groups):
        return "optional"
    return widest(scope_of_group(group) for group in groups)
