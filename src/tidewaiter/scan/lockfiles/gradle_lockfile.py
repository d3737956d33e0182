"""`gradle.lockfile`, `buildscript-gradle.lockfile` and `gradle/dependency-locks/*.lockfile` (docs.gradle.org: locking)."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from tidewaiter.scan.lockfiles.graph import widest
from tidewaiter.scan.lockfiles.reader import Beside, Found, NamedReader, Scope, locked, odd
from tidewaiter.scan.lockfiles.source import text_of

_FOLDER: Final = "gradle/dependency-locks/"


class _GradleLockfile(NamedReader):
    """Reads Gradle's lock files."""

    id: Final = "gradle-lockfile"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "maven"})
    names: ClassVar[frozenset[str]] = frozenset({"gradle.lockfile", "buildscript-gradle.lockfile"})
    patterns: ClassVar[tuple[str, ...]] = ("gradle/dependency-locks/*.lockfile",)
    advice: ClassVar[str] = "make the file anew with `gradle dependencies --write-locks`"

    def wants(self, path: str) -> bool:
        """Tell whether the file is one for all configurations, or one of the older ones for one each."""
        folder, slash, name = path.rpartition("/")
        older = name.endswith(".lockfile") and f"/{folder}{slash}".endswith(f"/{_FOLDER}")
        return name in self.names or older

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the modules, `group:artifact:version=configurations` per line."""
        del beside
        name = path.rpartition("/")[2]
        alone = "" if name in self.names else name.removesuffix(".lockfile")
        build = name.startswith("buildscript") or alone.startswith("buildscript")
        for number, raw in enumerate(text_of(data).split("\n"), 1):
            line = raw.strip()
            if not line or line.startswith(("#", "empty=")):
                continue
            module, equals, written = line.partition("=")
            parts = module.split(":")
            if len(parts) != 3 or not all(parts) or not (equals or alone):
                yield odd(path, f"`{line[:80]}` is no `group:artifact:version=configurations`", number)
                continue
            scope: Scope = "dev" if build else _scope(written.split(",") if equals else [alone])
            yield locked("maven", f"{parts[0]}:{parts[1]}", parts[2], (path, number), scope=scope)


READER: Final = _GradleLockfile()


def _scope(configurations: Iterable[str]) -> Scope:
    """Return the widest scope: a class path that is not for tests is production, tools of the build are dev."""
    found: set[Scope] = set()
    for one in configurations:
        name = one.strip().lower()
        if "test" in name:
            found.add("test")
        elif name.endswith(("compileclasspath", "runtimeclasspath", "implementation", "api", "runtimeonly")):
            found.add("prod")
        else:
            found.add("prod" if name in {"compile", "runtime", "default"} else "dev")
    return widest(found)
