"""`composer.lock` (composer/composer: src/Composer/Package/Locker.php); the names asked for are in composer.json."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import mapping, text, texts
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages
from tidewaiter.scan.lockfiles.manifest import neighbour
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, Scope, locked, odd
from tidewaiter.scan.lockfiles.source import NAME, Lines, json_object, maps

_FIELDS: Final[tuple[tuple[str, Scope], ...]] = (("packages", "prod"), ("packages-dev", "dev"))


class _ComposerLock(NamedReader):
    """Reads PHP's lock file."""

    id: Final = "composer-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "composer"})
    names: ClassVar[frozenset[str]] = frozenset({"composer.lock"})
    neighbours: ClassVar[frozenset[str]] = frozenset({"composer.json"})
    advice: ClassVar[str] = "make the file anew with `composer update --lock`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages of production, then those of development."""
        document = json_object(data)
        if not any(isinstance(document.get(field), list) for field, _ in _FIELDS):
            raise DamageError("it has neither `packages` nor `packages-dev`")
        lines = Lines(data, NAME)
        entries: list[Entry] = []
        for field, scope in sorted(
            _FIELDS, key=lambda pair: list(document).index(pair[0]) if pair[0] in document else 9
        ):
            for entry in maps(document.get(field)):
                name, version = text(entry.get("name")), text(entry.get("version"))
                line = lines.next(name)
                if not name or not version:
                    yield odd(path, f"`{name[:80]}` in `{field}` has no name or version", line)
                    continue
                licence = " OR ".join(texts(entry.get("license")))
                package = locked("composer", name, version, (path, line), scope=scope, licence=licence)
                entries.append(Entry(package=package, key=name.lower(), needs=_names(entry.get("require"))))
        yield from packages(entries, _asked(path, beside), scopes=False)


READER: Final = _ComposerLock()


def _names(value: Any) -> tuple[str, ...]:
    return tuple(name.lower() for name in mapping(value))


def _asked(path: str, beside: Beside) -> Roots | None:
    """Return what composer.json asks for; None when it is not at hand."""
    manifest = neighbour(path, "composer.json", beside)
    if manifest is None:
        return None
    return Roots(prod=frozenset((*_names(manifest.get("require")), *_names(manifest.get("require-dev")))))
