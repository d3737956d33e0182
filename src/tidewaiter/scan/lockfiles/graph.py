"""From entries that name each other to packages that say what they need, for whom, and who asked for them."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import structs

from tidewaiter.core.model.package import Package
from tidewaiter.scan.lockfiles.reader import Scope

_MOST_EDGES = 2_000_000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A package, the key under which others name it, and the keys of what it needs."""

    package: Package
    key: str
    needs: tuple[str, ...] = ()


class Roots(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that the application itself asks for, by scope; None when the file does not say."""

    prod: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    test: frozenset[str] = frozenset()
    dev: frozenset[str] = frozenset()

    @property
    def every(self) -> frozenset[str]:
        """Return all of them."""
        return self.prod | self.optional | self.test | self.dev


def packages(entries: Iterable[Entry], roots: Roots | None = None, *, scopes: bool = True) -> Iterator[Package]:
    """Yield the packages with `requires`, and with roots also `direct` and (unless `scopes` is false) `scope`.

    What production reaches is production, whoever else needs it; what nothing reaches keeps its scope.
    """
    listed = list(entries)
    purls = {entry.key: entry.package.purl for entry in listed}
    needs = {entry.key: entry.needs for entry in listed}
    scope = _scopes(needs, roots) if roots is not None and scopes else {}
    asked = roots.every if roots is not None else frozenset()
    edges = 0
    for entry in listed:
        edges += len(entry.needs)
        requires = dict.fromkeys(purls[key] for key in entry.needs if key in purls) if edges < _MOST_EDGES else ()
        yield structs.replace(
            entry.package,
            requires=tuple(requires),
            direct=entry.key in asked if roots is not None else entry.package.direct,
            scope=scope.get(entry.key, entry.package.scope),
        )


def _scopes(needs: Mapping[str, tuple[str, ...]], roots: Roots) -> dict[str, Scope]:
    found: dict[str, Scope] = {}
    order: tuple[tuple[Scope, frozenset[str]], ...] = (
        ("prod", roots.prod),
        ("optional", roots.optional),
        ("dev", roots.dev),
        ("test", roots.test),
    )
    for scope, start in order:
        waiting = [key for key in sorted(start) if key not in found]
        while waiting:
            key = waiting.pop()
            if key in found:
                continue
            found[key] = scope
            waiting.extend(need for need in needs.get(key, ()) if need not in found)
    return found


def scope_of_group(name: str) -> Scope:
    """Return the scope that the name of a dependency group means (PEP 735 leaves the names to people)."""
    lowered = name.lower()
    if lowered in {"main", "default", "prod", "production"}:
        return "prod"
    return "test" if "test" in lowered else "dev"


def widest(scopes: Iterable[Scope]) -> Scope:
    """Return the scope of a package that several groups need: production before optional before dev before test."""
    given = set(scopes)
    order: tuple[Scope, ...] = ("prod", "optional", "dev", "test")
    return next((scope for scope in order if scope in given), "unknown")
