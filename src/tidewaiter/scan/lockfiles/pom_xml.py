"""`pom.xml` (maven.apache.org: POM reference): what a project asks for itself, with the versions its tree tells.

Parents and imported BOMs outside of the tree are never guessed: what they decide is told. What dependencies need in
turn stands in no project file.
"""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from tidewaiter.scan.lockfiles.pom_model import Coordinates, Dependency, pom
from tidewaiter.scan.lockfiles.pom_tree import Lineage
from tidewaiter.scan.lockfiles.reader import Beside, Found, NamedReader, Scope, damaged, locked, odd

_EXACT: Final = re.compile(r"\[\s*([^\s,\[\]()]+)\s*\]|([^\s,\[\]()${}]+)")
_MOVING: Final = frozenset({"LATEST", "RELEASE"})
_SHOWN: Final = 5


class _PomXml(NamedReader):
    """Reads Maven's project file."""

    id: Final = "pom-xml"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "maven"})
    names: ClassVar[frozenset[str]] = frozenset({"pom.xml"})
    neighbours: ClassVar[frozenset[str]] = frozenset({"pom.xml"})
    advice: ClassVar[str] = "correct the file: Maven refuses it as well"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the dependencies with a known version, then one remark about those without."""
        own = pom(data, path)
        tree = Lineage(own, beside)
        managed, missing = tree.managed()
        coordinates = (tree.filled(own.own.group), tree.filled(own.own.version))
        unresolved: list[tuple[int, str]] = []
        for dependency in own.dependencies:
            group, artifact = tree.key(dependency)[:2]
            if not group or not artifact:
                yield odd(path, "a <dependency> has no groupId or artifactId", dependency.line)
                continue
            entry = managed.get(tree.key(dependency))
            written = dependency.at.version or (entry.at.version if entry is not None else "")
            version = _version(tree.filled(written))
            if "${" in group + artifact or not version:
                unresolved.append((dependency.line, f"{group}:{artifact}"))
            elif (group, version) != coordinates:  # else another project of the same build
                scope = _scope(dependency, dependency.scope or (entry.scope if entry is not None else ""))
                yield locked("maven", f"{group}:{artifact}", version, (path, dependency.line), scope=scope, direct=True)
        if unresolved:
            yield damaged(
                path,
                _reason(unresolved, [*([tree.unknown] if tree.unknown is not None else []), *missing]),
                line=unresolved[0][0],
                advice="write the versions into the tree, or scan the built image, which holds the jars",
                incomplete=False,
            )


READER: Final = _PomXml()


def _version(written: str) -> str:
    exact = _EXACT.fullmatch(written.strip())
    found = (exact[1] or exact[2]) if exact is not None else ""
    return "" if found in _MOVING else found


def _scope(dependency: Dependency, written: str) -> Scope:
    if dependency.optional:
        return "optional"
    if written == "test":
        return "test"
    if written == "provided":
        return "dev"
    return "unknown" if dependency.is_conditional else "prod"


def _reason(unresolved: Sequence[tuple[int, str]], outside: Sequence[Coordinates]) -> str:
    names = ", ".join(f"`{name[:80]}`" for _, name in unresolved[:_SHOWN])
    more = f" and {len(unresolved) - _SHOWN} more" if len(unresolved) > _SHOWN else ""
    above = ", ".join(f"{one.group}:{one.artifact}:{one.version}"[:120] for one in outside[:_SHOWN])
    because = f", because the tree does not hold {above}" if above else ""
    return f"the versions of {len(unresolved)} dependencies are not known{because}: {names}{more}"
