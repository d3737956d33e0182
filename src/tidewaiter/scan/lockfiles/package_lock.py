"""`package-lock.json` and `npm-shrinkwrap.json`, lock versions 1, 2 and 3 (npm/cli: docs package-lock.json)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.json_text import JsonError, decode
from tidewaiter.scan.lockfiles.reader import LockedPackages, bounded, damaged

_SIZE = 64 << 20
_MODULES = "node_modules/"
_ENTRY = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*:\s*\{', re.DOTALL)
_ROOT_FIELDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_ADVICE = "make the file anew with `npm install --package-lock-only`"
_MOST = 500_000
_Scope = Literal["prod", "dev", "optional"]


class _PackageLock:
    """Reads npm's lock files."""

    id: Final = "package-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "npm"})

    def wants(self, path: str) -> bool:
        """Tell whether the file is `package-lock.json` or `npm-shrinkwrap.json`."""
        return path.rpartition("/")[2] in {"package-lock.json", "npm-shrinkwrap.json"}

    def parse(self, data: bytes, path: str) -> LockedPackages:
        """Return the packages with the lines of their entries; links and workspaces are no packages."""
        try:
            document = decode(data, size=_SIZE)
        except JsonError as error:
            return LockedPackages(unknowns=(damaged(path, str(error), advice=_ADVICE),))
        lines = _Lines(data)
        wrong = _wrong(document)
        if wrong:
            return LockedPackages(unknowns=(damaged(path, wrong, advice=_ADVICE),))
        if isinstance(document, dict) and isinstance(document.get("packages"), dict):
            found = _by_path(document["packages"], path, lines)
        elif isinstance(document, dict) and isinstance(document.get("dependencies"), dict):
            found = _by_name(document["dependencies"], path, lines)
        elif isinstance(document, dict) and "lockfileVersion" in document:
            found = iter(())
        else:
            reason = "it has neither `packages` nor `dependencies`"
            return LockedPackages(unknowns=(damaged(path, reason, advice=_ADVICE),))
        listed = list(found)
        return LockedPackages(
            packages=tuple(item for item in listed if isinstance(item, Package)),
            unknowns=bounded(path, [item for item in listed if isinstance(item, Unknown)]),
        )


READER: Final = _PackageLock()


def _wrong(document: Any) -> str:
    """Return why the document is no lock file that this reader knows, empty when it is one."""
    if not isinstance(document, dict):
        return "it is not a JSON object"
    version = document.get("lockfileVersion", 1)
    if type(version) is not int or not 1 <= version <= 3:
        return f"its lockfileVersion {str(version)[:20]!r} is not 1, 2 or 3"
    for field in ("packages", "dependencies"):
        if not isinstance(document.get(field, {}), dict):
            return f"`{field}` is not a map"
    return ""


class _Lines:
    """Finds the lines of entries asked for in the order of the file, in one pass."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._entries = _ENTRY.finditer(data)
        self._line = 1
        self._counted = 0
        self.last = 1

    def next(self, key: str) -> int:
        """Return the line of the next entry named `key`; the line of the last one found when there is none."""
        wanted = key.encode("utf-8", "surrogatepass")
        for match in self._entries:
            if match.group(1) == wanted or b"\\" in match.group(1):
                self._line += self._data.count(b"\n", self._counted, match.start())
                self._counted = match.start()
                self.last = self._line
                break
        return self.last


def _by_path(entries: Mapping[str, Any], path: str, lines: _Lines) -> Iterator[Package | Unknown]:
    """Versions 2 and 3: keyed by the place in the tree."""
    asked = {key: _asked_for(entry) for key, entry in entries.items() if _MODULES not in key}
    for key, entry in entries.items():
        line = lines.next(key) if isinstance(entry, dict) else lines.last
        if _MODULES not in key or not isinstance(entry, dict) or entry.get("link") is True:
            if _MODULES in key and not isinstance(entry, dict):
                yield damaged(path, f"entry `{key}` is not a map", line=line, advice=_ADVICE)
            continue
        holder, _, alias = key.rpartition(_MODULES)
        named = entry.get("name")
        name = named if isinstance(named, str) and named else alias
        direct = alias in asked.get(holder.rstrip("/"), frozenset())
        yield _package(name, entry, path=path, line=line, direct=direct)


def _by_name(entries: Mapping[str, Any], path: str, lines: _Lines) -> Iterator[Package | Unknown]:
    """Version 1: nested by name; it does not say what the application asked for itself."""
    stack = [iter(entries.items())]
    seen = 0
    while stack and seen < _MOST:
        pair = next(stack[-1], None)
        if pair is None:
            stack.pop()
            continue
        seen += 1
        name, entry = pair
        line = lines.next(name) if isinstance(entry, dict) else lines.last
        if not isinstance(entry, dict):
            yield damaged(path, f"entry `{name}` is not a map", line=line, advice=_ADVICE)
            continue
        if not _is_local(entry.get("version")):
            yield _package(*_unaliased(name, entry), path=path, line=line, direct=None)
        nested = entry.get("dependencies")
        if isinstance(nested, dict):
            stack.append(iter(nested.items()))


def _asked_for(entry: Any) -> frozenset[str]:
    if not isinstance(entry, dict):
        return frozenset()
    return frozenset(
        name
        for field in _ROOT_FIELDS
        if isinstance(names := entry.get(field), dict | list)
        for name in names
        if isinstance(name, str)
    )


def _is_local(version: Any) -> bool:
    return isinstance(version, str) and version.startswith(("file:", "link:"))


def _unaliased(name: str, entry: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the real name and version behind `npm:real@1.2.3`."""
    version = entry.get("version")
    if not isinstance(version, str) or not version.startswith("npm:"):
        return name, entry
    real, _, number = version.removeprefix("npm:").rpartition("@")
    return (real, {**entry, "version": number}) if real else (name, entry)


def _package(name: str, entry: Mapping[str, Any], *, path: str, line: int, direct: bool | None) -> Package | Unknown:
    version = entry.get("version")
    if not isinstance(version, str) or not version or ":" in version or "/" in version:
        source = version if isinstance(version, str) and version else entry.get("resolved")
        origin = f", only a source (`{str(source)[:80]}`)" if source else ""
        reason = f"`{name}` has no version{origin}"
        return damaged(path, reason, line=line, advice="depend on a published version", incomplete=False)
    licence = entry.get("license")
    return Package(
        type="npm",
        name=name,
        version=version,
        location=Location(file=path, line=line),
        licence=licence if isinstance(licence, str) else "",
        found="locked",
        scope=_scope(entry),
        direct=direct,
    )


def _scope(entry: Mapping[str, Any]) -> _Scope:
    if entry.get("dev") is True:
        return "dev"
    if entry.get("optional") is True or entry.get("devOptional") is True:
        return "optional"
    return "prod"
