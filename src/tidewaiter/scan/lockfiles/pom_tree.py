"""The project files around one: its parents as far as the tree holds them, and the versions that they manage."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

from tidewaiter.scan.lockfiles.pom_model import Coordinates, Dependency, Pom, pom
from tidewaiter.scan.lockfiles.reader import Beside, DamageError

_PROPERTY: Final = re.compile(r"\$\{([^${}]{1,200})\}")
_ROUNDS: Final = 10
_PARENTS: Final = 20
_POMS: Final = 100
"""Project files that are looked at for one."""


class Lineage:
    """One project with its parents, nearest first."""

    def __init__(self, own: Pom, beside: Beside) -> None:
        """Find the parents; `unknown` names the first that the tree does not hold."""
        self.chain = [own]
        self.unknown: Coordinates | None = None
        self._beside = beside
        while self.chain[-1].parent is not None and len(self.chain) < _PARENTS:
            above = self._parent(self.chain[-1])
            if above is None:
                self.unknown = self.chain[-1].parent
                break
            self.chain.append(above)
        self.properties = self._properties()

    def _parent(self, child: Pom) -> Pom | None:
        if not child.relative or child.parent is None:
            return None
        place = posixpath.normpath(posixpath.join(posixpath.dirname(child.path), child.relative))
        if not place.endswith(".xml"):
            place = posixpath.join(place, "pom.xml")
        found = self._read(place)
        is_it = found is not None and (found.own.group, found.own.artifact) == (
            child.parent.group,
            child.parent.artifact,
        )
        return found if is_it and found not in self.chain else None

    def _read(self, place: str) -> Pom | None:
        data = None if place.startswith(("../", "/")) else self._beside(place)
        if data is None:
            return None
        try:
            return pom(data, place)
        except DamageError:  # told where the file itself is read
            return None

    def _properties(self) -> Mapping[str, str]:
        """Return the properties: a child's win over its parents', the project's own coordinates over both."""
        found: dict[str, str] = {}
        for one in reversed(self.chain):
            found |= one.properties
        own, parent = self.chain[0].own, self.chain[0].parent
        for prefix in ("project.", "pom.", ""):
            found |= {
                f"{prefix}groupId": own.group,
                f"{prefix}artifactId": own.artifact,
                f"{prefix}version": own.version,
            }
            if parent is not None:
                found |= {
                    f"{prefix}parent.groupId": parent.group,
                    f"{prefix}parent.artifactId": parent.artifact,
                    f"{prefix}parent.version": parent.version,
                }
        return found

    def filled(self, written: str) -> str:
        """Return a value with its `${…}` replaced; what nobody defines stays."""
        for _ in range(_ROUNDS):
            filled = _PROPERTY.sub(lambda match: self.properties.get(match[1].strip(), match[0]), written)[:1000]
            if filled == written:
                break
            written = filled
        return written

    def key(self, dependency: Dependency) -> tuple[str, str, str, str]:
        """Return what a managed version is found by: group, artifact, type and classifier."""
        at = dependency.at
        type_ = self.filled(dependency.type) or "jar"
        return self.filled(at.group), self.filled(at.artifact), type_, self.filled(dependency.classifier)

    def managed(self, *, follow: bool = True) -> tuple[dict[tuple[str, str, str, str], Dependency], list[Coordinates]]:
        """Return the managed entries by key, nearest first, and the imported BOMs that the tree does not hold."""
        found: dict[tuple[str, str, str, str], Dependency] = {}
        boms: list[Dependency] = []
        for one in self.chain:
            for entry in one.managed:
                if entry.scope == "import":
                    boms.append(entry)
                else:
                    found.setdefault(self.key(entry), entry)
        missing: list[Coordinates] = []
        reactor = list(self._reactor()) if boms and follow else []
        for entry in boms:
            wanted = (self.filled(entry.at.group), self.filled(entry.at.artifact))
            bom = next((one for one in reactor if (one.own.group, one.own.artifact) == wanted), None)
            if bom is None:
                missing.append(Coordinates(group=wanted[0], artifact=wanted[1], version=self.filled(entry.at.version)))
                continue
            theirs = Lineage(bom, self._beside)
            entries, theirs_missing = theirs.managed(follow=False)  # BOMs may import each other in a circle
            missing.extend(theirs_missing)
            for key, value in entries.items():
                version = theirs.filled(value.at.version)
                at = Coordinates(group=key[0], artifact=key[1], version=version)
                found.setdefault(key, Dependency(at=at, scope=value.scope, line=value.line))
        return found, missing

    def _reactor(self) -> Iterator[Pom]:
        """Yield the projects of the same build: the modules below the farthest parent that is known."""
        waiting = [self.chain[-1]]
        seen = {self.chain[-1].path}
        while waiting and len(seen) < _POMS:
            one = waiting.pop(0)
            yield one
            for module in one.modules:
                place = posixpath.normpath(posixpath.join(posixpath.dirname(one.path), module))
                place = place if place.endswith(".xml") else posixpath.join(place, "pom.xml")
                if place not in seen and len(seen) < _POMS:
                    seen.add(place)
                    below = self._read(place)
                    if below is not None:
                        waiting.append(below)
