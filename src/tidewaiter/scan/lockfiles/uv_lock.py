"""`uv.lock` (astral-sh/uv: crates/uv-resolver/src/lock)."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages, scope_of_group
from tidewaiter.scan.lockfiles.reader import Beside, Found, NamedReader, locked, odd
from tidewaiter.scan.lockfiles.source import maps, tables, toml_table

_LOCAL: Final = frozenset({"virtual", "editable", "directory", "path"})


class _UvLock(NamedReader):
    """Reads uv's lock file."""

    id: Final = "uv-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "pypi"})
    names: ClassVar[frozenset[str]] = frozenset({"uv.lock"})
    advice: ClassVar[str] = "make the file anew with `uv lock`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages; members of the workspace are none, they say what is direct and for whom."""
        del beside
        document = toml_table(data)
        listed = list(tables(document, data, "package"))
        versions: dict[str, list[str]] = {}
        for table, _ in listed:
            versions.setdefault(text(table.get("name")), []).append(_key(table))
        asked: dict[str, set[str]] = {"prod": set(), "optional": set(), "test": set(), "dev": set()}
        entries: list[Entry] = []
        for table, line in listed:
            name, version, source = text(table.get("name")), text(table.get("version")), mapping(table.get("source"))
            if _LOCAL & source.keys():
                _ask(table, asked, versions)
            elif not name or not version:
                yield odd(path, f"the [[package]] `{name[:80]}` has no name or version", line)
            else:
                repository = text(source.get("git")) or text(source.get("url"))
                package = locked("pypi", name, version, (path, line), repository=repository)
                needs = (*_keys(table.get("dependencies"), versions), *_all(table, "optional-dependencies", versions))
                entries.append(Entry(package=package, key=_key(table), needs=needs))
        yield from packages(entries, Roots(**{scope: frozenset(keys) for scope, keys in asked.items()}))


READER: Final = _UvLock()


def _key(table: dict[str, Any]) -> str:
    return f"{text(table.get('name'))} {text(table.get('version'))}"


def _keys(value: Any, versions: dict[str, list[str]]) -> list[str]:
    """Return the keys of a list of `{name, version?}`; a name alone means all versions of it."""
    found: list[str] = []
    for item in maps(value):
        named = versions.get(text(item.get("name")), [])
        found.extend([_key(item)] if _key(item) in named else named)
    return found


def _all(table: dict[str, Any], field: str, versions: dict[str, list[str]]) -> list[str]:
    return [key for group in mapping(table.get(field)).values() for key in _keys(group, versions)]


def _ask(table: dict[str, Any], asked: dict[str, set[str]], versions: dict[str, list[str]]) -> None:
    """Add what a member of the workspace depends on."""
    asked["prod"].update(_keys(table.get("dependencies"), versions))
    asked["optional"].update(_all(table, "optional-dependencies", versions))
    for field in ("dev-dependencies", "dependency-groups"):
        for group, items in mapping(table.get(field)).items():
            scope = "test" if scope_of_group(group) == "test" else "dev"
            asked[scope].update(_keys(items, versions))
