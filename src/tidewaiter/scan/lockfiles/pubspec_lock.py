"""`pubspec.lock` (dart-lang/pub: lib/src/lock_file.dart); packages of an SDK or a local path are none."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, Scope, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import yaml_map

_ASKED: Final[Mapping[str, tuple[Scope, bool]]] = {
    "direct main": ("prod", True),
    "direct dev": ("dev", True),
    "direct overridden": ("unknown", True),
    "transitive": ("unknown", False),
}
_UNSAID: Final[tuple[Scope, bool | None]] = ("unknown", None)


class _PubspecLock(NamedReader):
    """Reads Dart's lock file."""

    id: Final = "pubspec-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "pub"})
    names: ClassVar[frozenset[str]] = frozenset({"pubspec.lock"})
    advice: ClassVar[str] = "make the file anew with `dart pub get`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the hosted packages; the scope of transitive ones is not written."""
        del beside
        document = yaml_map(data)
        if "packages" not in document.value:
            raise DamageError("it has no `packages`")
        for name, entry, line in document.items(document.value["packages"]):
            if not isinstance(entry, dict):
                yield odd(path, f"entry `{name[:80]}` is not a map", line)
                continue
            source, version = text(entry.get("source")), text(entry.get("version"))
            if source == "git":
                yield unversioned(path, name, line, text(mapping(entry.get("description")).get("url")))
            elif source == "hosted" and not version:
                yield odd(path, f"entry `{name[:80]}` has no version", line)
            elif source == "hosted":
                named = text(mapping(entry.get("description")).get("name")) or name
                scope, direct = _ASKED.get(text(entry.get("dependency")), _UNSAID)
                yield locked("pub", named, version, (path, line), scope=scope, direct=direct)


READER: Final = _PubspecLock()
