"""`packages.lock.json` (NuGet/NuGet.Client: PackagesLockFileFormat.cs), versions 1 and 2, one part per framework."""

from collections.abc import Iterator
from typing import ClassVar, Final

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.graph import Entry, packages
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, distinct, locked, odd
from tidewaiter.scan.lockfiles.source import ENTRY, Lines, json_object


class _PackagesLockJson(NamedReader):
    """Reads NuGet's lock file."""

    id: Final = "packages-lock-json"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "nuget"})
    names: ClassVar[frozenset[str]] = frozenset({"packages.lock.json"})
    advice: ClassVar[str] = "make the file anew with `dotnet restore --force-evaluate`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield each package and version once; projects of the solution are none."""
        del beside
        document = json_object(data)
        frameworks = document.get("dependencies")
        if not isinstance(frameworks, dict):
            raise DamageError("it has no `dependencies`")
        return distinct(_packages(frameworks, Lines(data, ENTRY), path))


READER: Final = _PackagesLockJson()


def _packages(frameworks: dict[str, object], lines: Lines, path: str) -> Iterator[Found]:
    for framework, listed in frameworks.items():
        lines.next(framework)
        entries: list[Entry] = []
        for name, entry in mapping(listed).items():
            line = lines.next(name)
            kind, version = text(mapping(entry).get("type")), text(mapping(entry).get("resolved"))
            if kind == "Project":
                continue
            if not version:
                yield odd(path, f"entry `{name[:80]}` has no resolved version", line)
                continue
            package = locked("nuget", name, version, (path, line), scope="prod", direct=kind == "Direct")
            needs = tuple(one.lower() for one in mapping(mapping(entry).get("dependencies")))
            entries.append(Entry(package=package, key=name.lower(), needs=needs))
        yield from packages(entries)
