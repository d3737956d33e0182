"""`yarn.lock` of Yarn 1 (yarnpkg/yarn: src/lockfile) and of later ones (yarnpkg/berry: Project.ts, YAML).

Yarn 1 writes neither scope nor who asked; `package.json` beside the file tells both.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

import msgspec

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages
from tidewaiter.scan.lockfiles.manifest import neighbour
from tidewaiter.scan.lockfiles.npm_names import split_descriptor
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import Yaml, text_of, yaml_map
from tidewaiter.scan.lockfiles.yarn_text import Block, blocks

_LOCAL: Final = ("workspace:", "link:", "portal:", "file:", "soft:")
_MANIFEST: Final = "package.json"


class _YarnLock(NamedReader):
    """Reads Yarn's lock files."""

    id: Final = "yarn-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "npm"})
    names: ClassVar[frozenset[str]] = frozenset({"yarn.lock"})
    neighbours: ClassVar[frozenset[str]] = frozenset({_MANIFEST})
    advice: ClassVar[str] = "make the file anew with `yarn install`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages; workspaces and links are none."""
        manifest = neighbour(path, _MANIFEST, beside)
        written = text_of(data)
        if "\n__metadata:" in written or written.startswith("__metadata:"):
            return _berry(yaml_map(data), path, manifest)
        return _classic(blocks(written), path, manifest)


READER: Final = _YarnLock()


class _Asked(msgspec.Struct):
    """What each key of the file stands for, and the entries in order."""

    entries: list[Entry] = msgspec.field(default_factory=list)
    keys: dict[str, str] = msgspec.field(default_factory=dict)

    def add(self, entry: Entry, descriptors: list[str]) -> None:
        self.entries.append(entry)
        self.keys.update(dict.fromkeys(descriptors, entry.key))

    def found(self, roots: dict[str, set[str]] | None, *, scopes: bool) -> Iterator[Found]:
        """Yield the packages, descriptors (`name@range`) replaced by the keys of the entries."""
        known = self.keys
        joined = [
            Entry(package=one.package, key=one.key, needs=tuple(known[need] for need in one.needs if need in known))
            for one in self.entries
        ]
        asked = None
        if roots is not None:
            asked = Roots(
                **{kind: frozenset(known[key] for key in keys if key in known) for kind, keys in roots.items()}
            )
        yield from packages(joined, asked, scopes=scopes)


def _classic(found: Iterator[Block | DamageError], path: str, manifest: Mapping[str, Any] | None) -> Iterator[Found]:
    asked = _Asked()
    damage: DamageError | None = None
    for block in found:
        if isinstance(block, DamageError):
            damage = block
            break
        name, range_ = split_descriptor(block.keys[0])
        if range_.startswith("npm:"):
            name = split_descriptor(range_.removeprefix("npm:"))[0]
        if range_.startswith(_LOCAL):
            continue
        if not block.version:
            yield unversioned(path, name, block.line, block.resolved)
            continue
        repository = "" if block.resolved.startswith("http") and ".git#" not in block.resolved else block.resolved
        package = locked("npm", name, block.version, (path, block.line), repository=repository)
        asked.add(
            Entry(package=package, key=f"{name}@{block.version}#{block.line}", needs=tuple(block.needs)), block.keys
        )
    roots = None if manifest is None else {kind: set(_descriptors(manifest, field)) for kind, field in _FIELDS}
    if manifest is not None and manifest.get("workspaces"):
        roots = None  # the members' manifests ask too
    yield from asked.found(roots, scopes=True)
    if damage is not None:
        raise damage


_FIELDS: Final = (("prod", "dependencies"), ("optional", "optionalDependencies"), ("dev", "devDependencies"))


def _descriptors(manifest: Mapping[str, Any], field: str) -> list[str]:
    return [f"{name}@{range_}" for name, range_ in mapping(manifest.get(field)).items() if isinstance(range_, str)]


def _berry(document: Yaml, path: str, manifest: Mapping[str, Any] | None) -> Iterator[Found]:
    asked = _Asked()
    members: list[Mapping[str, Any]] = []
    for key, entry, line in document.items(document.value):
        if key == "__metadata":
            continue
        if not isinstance(entry, dict):
            yield odd(path, f"entry `{key[:80]}` is not a map", line)
            continue
        name, reference = split_descriptor(text(entry.get("resolution")))
        if reference.startswith("workspace:"):
            members.append(entry)
            continue
        version = text(entry.get("version"))
        if not name or not version:
            yield odd(path, f"entry `{key[:80]}` has no resolution or version", line)
        elif not reference.startswith(_LOCAL):
            repository = "" if reference.startswith(("npm:", "patch:", "virtual:")) else reference
            package = locked("npm", name, version, (path, line), repository=repository)
            needs = (*_needs(entry, "dependencies"), *_needs(entry, "optionalDependencies"))
            asked.add(Entry(package=package, key=f"{name}@{reference}", needs=needs), key.split(", "))
    if not members and len(document.value) > 1 and not asked.entries:
        raise DamageError("it names no package and no workspace")
    roots = {"prod": {need for member in members for need in _needs(member, "dependencies")}}
    # a workspace's entry joins its dependencies, those for development among them
    dev = set(_needs(manifest or {}, "devDependencies"))
    known = manifest is not None and len(members) == 1
    if known:
        roots = {"prod": roots["prod"] - dev, "dev": roots["prod"] & dev}
    yield from asked.found(roots, scopes=known)


def _needs(entry: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """Return the descriptors of an entry's dependencies; before lock version 8 they lack the protocol `npm:`."""
    found = []
    for name, range_ in mapping(entry.get(field)).items():
        written = str(range_)
        found.append(f"{name}@{written}")
        if ":" not in written:
            found.append(f"{name}@npm:{written}")
    return tuple(found)
