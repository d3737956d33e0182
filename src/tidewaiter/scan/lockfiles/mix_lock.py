"""`mix.lock` (elixir-lang/elixir: lib/mix/lib/mix/dep/lock.ex; hexpm/hex: lib/hex/mix.ex): one line per package."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from tidewaiter.scan.lockfiles.graph import Entry, packages
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import text_of

_ENTRY: Final = re.compile(r'\s*"([^"]{1,200})":\s*\{:(\w+),\s*(?::"?([\w@.-]+)"?|"([^"]*)")\s*,\s*"([^"]*)"(.*)')
_NEED: Final = re.compile(r'\{:(?:"([^"]{1,200})"|([\w@]{1,200})),\s*"')


class _MixLock(NamedReader):
    """Reads the lock file of Elixir's Mix."""

    id: Final = "mix-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "hex"})
    names: ClassVar[frozenset[str]] = frozenset({"mix.lock"})
    advice: ClassVar[str] = "make the file anew with `mix deps.get`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages from Hex; those from Git are told, for a commit is no version."""
        del beside
        written = text_of(data)
        if not written.lstrip().startswith("%{"):
            raise DamageError("it is not an Elixir map", 1)
        entries: list[Entry] = []
        for number, line in enumerate(written.split("\n"), 1):
            stripped = line.strip()
            if stripped in {"", "%{", "}", "%{}"} or stripped.startswith("#"):
                continue
            entry = _ENTRY.fullmatch(line.removeprefix("%{"))
            if entry is None or (entry[2] == "hex" and not entry[5]):
                yield odd(path, f"`{stripped[:60]}` is no package", number)
            elif entry[2] == "hex":
                package = locked("hex", entry[3] or entry[1], entry[5], (path, number))
                # the application's name (the key) is what others need; the package may be published under another
                needs = tuple(quoted or bare for quoted, bare in _NEED.findall(entry[6]))
                entries.append(Entry(package=package, key=entry[1], needs=needs))
            else:
                yield unversioned(path, entry[1], number, entry[4] or "")
        yield from packages(entries)


READER: Final = _MixLock()
