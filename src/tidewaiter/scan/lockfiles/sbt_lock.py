"""`*.sbt.lock` (stringbean/sbt-dependency-lock: docs, file format): JSON, version 1."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import text, texts
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, Scope, locked, odd
from tidewaiter.scan.lockfiles.source import NAME, Lines, json_object


class _SbtLock(NamedReader):
    """Reads the lock file of sbt's plugin."""

    id: Final = "sbt-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "maven"})
    patterns: ClassVar[tuple[str, ...]] = ("*.sbt.lock",)
    advice: ClassVar[str] = "make the file anew with `sbt dependencyLockWrite`"

    def wants(self, path: str) -> bool:
        """Tell whether the file is `<build>.sbt.lock`."""
        return path.endswith(".sbt.lock")

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the modules."""
        del beside
        document = json_object(data)
        listed = document.get("dependencies")
        if not isinstance(listed, list):
            raise DamageError("it has no list `dependencies`")
        lines = Lines(data, NAME)
        for entry in listed:
            if not isinstance(entry, dict):
                yield odd(path, "a dependency is not a map")
                continue
            group, name, version = (text(entry.get(field)) for field in ("org", "name", "version"))
            line = lines.next(name)
            if not group or not name or not version:
                yield odd(path, f"the dependency `{group[:40]}:{name[:40]}` has no organisation, name or version", line)
            else:
                yield locked("maven", f"{group}:{name}", version, (path, line), scope=_scope(entry))


READER: Final = _SbtLock()


def _scope(entry: dict[str, Any]) -> Scope:
    found = set(texts(entry.get("configurations")))
    if found & {"compile", "runtime", "default"}:
        return "prod"
    if "optional" in found:
        return "optional"
    if "provided" in found:
        return "dev"
    return "test" if found & {"test", "it", "test-internal"} else "unknown"
