"""`pylock.toml` and `pylock.*.toml` (PEP 751)."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.core.model.package import normalised_python_name
from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.graph import Entry, packages, scope_of_group, widest
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, Scope, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import maps, tables, toml_table

_FILE: Final = re.compile(r"pylock\.[^./]+\.toml")
_GROUP: Final = re.compile(r"""["']([^"']{1,200})["'] in dependency_groups""")
_EXTRA: Final = re.compile(r"""["'][^"']{1,200}["'] in extras""")


class _Pylock(NamedReader):
    """Reads Python's common lock file."""

    id: Final = "pylock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "pypi"})
    names: ClassVar[frozenset[str]] = frozenset({"pylock.toml"})
    patterns: ClassVar[tuple[str, ...]] = ("pylock.*.toml",)
    advice: ClassVar[str] = "make the file anew, for example with `uv export --format pylock.toml`"

    def wants(self, path: str) -> bool:
        """Tell whether the file is `pylock.toml` or `pylock.<name>.toml`."""
        name = path.rpartition("/")[2]
        return name in self.names or _FILE.fullmatch(name) is not None

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages; their markers tell the groups and extras that need them."""
        del beside
        document = toml_table(data)
        if "lock-version" not in document:
            raise DamageError("it has no `lock-version`")
        named = document.get("dependency-groups") or document.get("extras")
        entries: list[Entry] = []
        for table, line in tables(document, data, "packages"):
            name, version = text(table.get("name")), text(table.get("version"))
            if not name:
                yield odd(path, "a [[packages]] has no name", line)
            elif "directory" in table:
                continue
            elif not version:
                yield unversioned(path, name, line, _origin(table))
            else:
                scope = _scope(text(table.get("marker")), has_groups=bool(named))
                package = locked("pypi", name, version, (path, line), scope=scope, repository=_origin(table))
                needs = tuple(normalised_python_name(text(one.get("name"))) for one in maps(table.get("dependencies")))
                entries.append(Entry(package=package, key=normalised_python_name(name), needs=needs))
        yield from packages(entries)


READER: Final = _Pylock()


def _origin(table: dict[str, Any]) -> str:
    return text(mapping(table.get("vcs")).get("url")) or text(mapping(table.get("archive")).get("url"))


def _scope(marker: str, *, has_groups: bool) -> Scope:
    groups = _GROUP.findall(marker)
    if groups:
        return widest(scope_of_group(group) for group in groups)
    if _EXTRA.search(marker):
        return "optional"
    return "prod" if has_groups else "unknown"
