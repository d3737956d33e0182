"""`pdm.lock`, versions 4.0 to 4.5 (pdm-project/pdm: src/pdm/formats and src/pdm/project/lockfile)."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.core.model.package import normalised_python_name
from tidewaiter.scan.json_text import text, texts
from tidewaiter.scan.lockfiles.graph import Entry, packages, scope_of_group, widest
from tidewaiter.scan.lockfiles.pyproject import python_roots
from tidewaiter.scan.lockfiles.reader import Beside, Found, NamedReader, Scope, locked, odd
from tidewaiter.scan.lockfiles.source import tables, toml_table

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class _PdmLock(NamedReader):
    """Reads PDM's lock file."""

    id: Final = "pdm-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "pypi"})
    names: ClassVar[frozenset[str]] = frozenset({"pdm.lock"})
    neighbours: ClassVar[frozenset[str]] = frozenset({"pyproject.toml"})
    advice: ClassVar[str] = "make the file anew with `pdm lock`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages once each; PDM writes a package again for its extras."""
        document = toml_table(data)
        entries: dict[str, Entry] = {}
        needs: dict[str, list[str]] = {}
        for table, line in tables(document, data, "package"):
            name, version = text(table.get("name")), text(table.get("version"))
            if "path" in table or table.get("editable") is True:
                continue
            if not name or not version:
                yield odd(path, "a [[package]] has no name or version", line)
                continue
            key = normalised_python_name(name)
            needs.setdefault(key, []).extend(
                normalised_python_name(match[0])
                for written in texts(table.get("dependencies"))
                if (match := _NAME.match(written)) is not None
            )
            repository = text(table.get("git")) or text(table.get("url"))
            package = locked("pypi", name, version, (path, line), scope=_scope(table), repository=repository)
            entries.setdefault(key, Entry(package=package, key=key))
        joined = [
            Entry(package=entry.package, key=key, needs=tuple(one for one in needs[key] if one != key))
            for key, entry in entries.items()
        ]
        yield from packages(joined, python_roots(path, beside), scopes=False)


READER: Final = _PdmLock()


def _scope(table: dict[str, Any]) -> Scope:
    """Return the scope of `groups`; groups other than `default` may be extras or for development: their names tell."""
    return widest(scope_of_group(group) for group in texts(table.get("groups")))
