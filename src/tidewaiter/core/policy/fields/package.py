"""Subject `package`: one installed or pinned package."""

from typing import Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import ABSENT, Field, Place, Record, Subject, Variable, View, unknown
from tidewaiter.core.policy.selector import Traits
from tidewaiter.core.policy.world import World


def image(view: View) -> Any:
    """Return the image of an installed package; a pinned one has none."""
    owner = view.parent
    return owner if owner is not None else unknown("the package comes from a lock file, not from an image")


def _vulnerabilities(view: View) -> Any:
    ref = view.parent.fact.ref if view.parent is not None else ""
    found = common.vulnerability_views(view.world, ref, view.parent)
    if not isinstance(found, tuple):
        return found
    return tuple(one for one in found if one.fact.package == view.fact)


RECORDS = (
    Record(
        "package",
        "One package at one place.",
        (
            Field("name", "string", "As its ecosystem writes it.", lambda v: v.fact.name),
            Field("version", "string", "As its ecosystem writes it.", lambda v: v.fact.version),
            Field("type", "string", "`deb`, `pypi`, `npm` and others.", lambda v: v.fact.type),
            Field("purl", "string", "Package URL.", lambda v: v.fact.purl),
            Field("arch", "string", "Architecture; empty when it has none.", lambda v: v.fact.arch),
            Field("source", "string", "Name of the source package.", lambda v: v.fact.source[0]),
            Field("sourceVersion", "string", "Version of the source package.", lambda v: v.fact.source[1]),
            Field("licence", "string", "As the metadata says; empty when it says nothing.", lambda v: v.fact.licence),
            Field(
                "maintainer", "string", "As the metadata says; empty when it says nothing.", lambda v: v.fact.maintainer
            ),
            Field(
                "owner",
                "string",
                "OS package that owns it; absent for packages of their own.",
                lambda v: v.fact.owner or ABSENT,
            ),
            Field("found", "string", "`installed` or `locked`.", lambda v: v.fact.found),
            Field("scope", "string", "`prod`, `dev`, `test`, `optional` or `unknown`.", lambda v: v.fact.scope),
            Field(
                "isDirect",
                "bool",
                "True when the application asked for it itself; absent when the evidence does not say.",
                lambda v: ABSENT if v.fact.direct is None else v.fact.direct,
            ),
            Field(
                "path",
                "string",
                "The file that proves it.",
                lambda v: (v.fact.location.file or "") if v.fact.location is not None else "",
            ),
            Field(
                "layer",
                "int",
                "Layer of that file; -1 when it is in none.",
                lambda v: (
                    v.fact.location.layer if v.fact.location is not None and v.fact.location.layer is not None else -1
                ),
            ),
            Field("vulnerabilities", "list(vulnerability)", "Those of this package.", _vulnerabilities),
        ),
        key=lambda v: v.fact.purl,
    ),
)


def _members(world: World) -> Any:
    for owner in world.views("image", world.context.tree.images):
        yield from owner["packages"]
    yield from world.views("package", world.context.tree.packages)


def reference(view: View, kind: str = "package", key: str = "") -> SubjectRef:
    """Return the image, or the lock file, with the package as key."""
    key = key or view.fact.purl
    if view.parent is not None:
        ref = view.parent.fact.ref
        return SubjectRef(kind=kind, ref=ref, image=ref, key=key)
    return SubjectRef(kind=kind, ref=view["path"], key=key)


def traits(view: View) -> Traits:
    """Return what selectors see: the package's name and its image."""
    ref = view.parent.fact.ref if view.parent is not None else None
    return Traits(name=view.fact.name, image=ref, digest=view.parent.fact.digest if view.parent is not None else None)


SUBJECT = Subject(
    id="package",
    doc="Judged once per package of every image and lock file.",
    record="package",
    parents=(Variable("image", "image", "Its image; unknown for packages of lock files.", image),),
    members=_members,
    reference=reference,
    traits=traits,
    place=lambda v: Place(**common.package_place(v.world, v.fact, v.parent)),
    evidence=lambda v: common.exposure(v.parent) if v.parent is not None else (),
)
