"""`Gemfile.lock` and `gems.locked` (rubygems/rubygems: bundler/lib/bundler/lockfile_parser.rb).

Groups stand in the Gemfile only; without it, or when a gemspec asks for gems too, the scope is unknown.
"""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from tidewaiter.scan.lockfiles.gemfile import gemfile_scopes
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages
from tidewaiter.scan.lockfiles.manifest import sibling
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, locked, odd
from tidewaiter.scan.lockfiles.source import text_of

_SPEC: Final = re.compile(r" {4}(\S+) \(([^()\s]+)\)!?")
_NEED: Final = re.compile(r" {6}(\S+?)!?(?: \(.*\))?")
_ASKED: Final = re.compile(r" {2}(\S+?)!?(?: \(.*\))?!?")
_PLATFORM: Final = re.compile(r"([0-9][0-9A-Za-z.]*)(?:-\S+)?")


class _GemfileLock(NamedReader):
    """Reads Bundler's lock file."""

    id: Final = "gemfile-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "gem"})
    names: ClassVar[frozenset[str]] = frozenset({"Gemfile.lock", "gems.locked"})
    neighbours: ClassVar[frozenset[str]] = frozenset({"Gemfile", "gems.rb"})
    advice: ClassVar[str] = "make the file anew with `bundle lock`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the gems; those under DEPENDENCIES are direct, and gems of a local path are no packages."""
        entries: dict[tuple[str, str], Entry] = {}
        asked: set[str] = set()
        section, remote = "", ""
        current: tuple[str, str] | None = None
        needs: dict[tuple[str, str], list[str]] = {}
        sections = 0
        for number, line in enumerate(text_of(data).split("\n"), 1):
            if line and not line[0].isspace():
                section, remote, current = line.strip(), "", None
                sections += section in {"GEM", "GIT", "PATH", "PLUGIN SOURCE", "DEPENDENCIES"}
            elif section in {"GEM", "GIT", "PLUGIN SOURCE"}:
                if line.startswith("  remote: "):
                    remote = line[10:].strip()
                elif (spec := _SPEC.fullmatch(line.rstrip())) is not None:
                    version = _PLATFORM.fullmatch(spec[2])
                    if version is None:
                        yield odd(path, f"`{spec[1]}` has the version `{spec[2][:40]}`", number)
                        continue
                    current = (spec[1], version[1])
                    repository = remote if section == "GIT" else ""
                    package = locked("gem", spec[1], version[1], (path, number), repository=repository)
                    entries.setdefault(current, Entry(package=package, key=spec[1]))
                elif current is not None and (need := _NEED.fullmatch(line.rstrip())) is not None:
                    needs.setdefault(current, []).append(need[1])
                elif line.startswith("    ") and line.strip():
                    yield odd(path, f"`{line.strip()[:80]}` is no gem", number)
            elif section == "DEPENDENCIES" and (dependency := _ASKED.fullmatch(line.rstrip())) is not None:
                asked.add(dependency[1])
        if not sections:
            raise DamageError("it has none of Bundler's sections")
        joined = [
            Entry(package=entry.package, key=entry.key, needs=tuple(needs.get(key, ())))
            for key, entry in entries.items()
        ]
        roots = _roots(asked, path, beside)
        yield from packages(joined, roots or Roots(prod=frozenset(asked)), scopes=roots is not None)


READER: Final = _GemfileLock()


def _roots(asked: set[str], path: str, beside: Beside) -> Roots | None:
    """Return what the Gemfile asks for by scope; None unless it names every direct dependency itself."""
    data = beside(sibling(path, "gems.rb" if path.endswith("gems.locked") else "Gemfile"))
    scopes = gemfile_scopes(data) if data is not None else {}
    if not asked or not asked <= scopes.keys():
        return None
    return Roots(
        prod=frozenset(name for name in asked if scopes[name] == "prod"),
        test=frozenset(name for name in asked if scopes[name] == "test"),
        dev=frozenset(name for name in asked if scopes[name] == "dev"),
    )
