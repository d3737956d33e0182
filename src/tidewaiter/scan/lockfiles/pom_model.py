"""One Maven project file as a value (maven.apache.org: POM reference): what it says itself, nothing inherited."""

from typing import Final

import msgspec

from tidewaiter.scan.lockfiles.reader import DamageError
from tidewaiter.scan.lockfiles.xml_text import Element, xml_root

_LONGEST: Final = 500
"""Characters of a property; longer ones are no versions."""


class Coordinates(msgspec.Struct, frozen=True, kw_only=True):
    """Group, artifact and version as written, with their `${…}`."""

    group: str
    artifact: str
    version: str = ""


class Dependency(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of `dependencies` or `dependencyManagement`."""

    at: Coordinates
    scope: str
    line: int
    type: str = ""
    classifier: str = ""
    optional: bool = False
    is_conditional: bool = False
    """True within a profile."""


class Pom(msgspec.Struct, frozen=True, kw_only=True):
    """What one file says."""

    path: str
    own: Coordinates
    parent: Coordinates | None
    relative: str
    """Path to the parent as written; empty when it says to look in repositories only."""
    properties: dict[str, str]
    dependencies: tuple[Dependency, ...]
    managed: tuple[Dependency, ...]
    modules: tuple[str, ...]


def pom(data: bytes, path: str) -> Pom:
    """Return the project; raises `DamageError` when it is no POM."""
    root = xml_root(data)
    if root.tag != "project":
        raise DamageError(f"its root is <{root.tag[:40]}>, not <project>", root.line)
    above = root.child("parent")
    parent = _coordinates(above) if above is not None else None
    own = _coordinates(root)
    own = Coordinates(
        group=own.group or (parent.group if parent is not None else ""),
        artifact=own.artifact,
        version=own.version or (parent.version if parent is not None else ""),
    )
    profiles = root.at("profiles", "profile")
    dependencies = [_dependency(one) for one in root.at("dependencies", "dependency")]
    for profile in profiles:
        dependencies += [_dependency(one, is_conditional=True) for one in profile.at("dependencies", "dependency")]
    relative = above.child("relativePath") if above is not None else None
    return Pom(
        path=path,
        own=own,
        parent=parent,
        relative=relative.text if relative is not None else "../pom.xml",
        properties={one.tag: one.text for one in root.at("properties", "*") if len(one.text) <= _LONGEST},
        dependencies=tuple(dependencies),
        managed=tuple(_dependency(one) for one in root.at("dependencyManagement", "dependencies", "dependency")),
        modules=tuple(one.text for one in root.at("modules", "module")),
    )


def _coordinates(element: Element) -> Coordinates:
    return Coordinates(
        group=element.value("groupId"), artifact=element.value("artifactId"), version=element.value("version")
    )


def _dependency(element: Element, *, is_conditional: bool = False) -> Dependency:
    return Dependency(
        at=_coordinates(element),
        scope=element.value("scope"),
        type=element.value("type"),
        classifier=element.value("classifier"),
        optional=element.value("optional").lower() == "true",
        line=element.line,
        is_conditional=is_conditional,
    )
