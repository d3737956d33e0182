"""Every field of every record, read from a tree that has one of everything: the values keep the declared types."""

from typing import Any

import pytest

from policies import FULL, NOW, tree
from tidewaiter.core.cel import Timestamp, Unknown
from tidewaiter.core.context import Binding, Context
from tidewaiter.core.model.dockerfile import Dockerfile, Instruction
from tidewaiter.core.model.image import BaseImage, Credential, Image, ImageConfig, Layer, NotableFile, Tool
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.vulnerability import Coverage, Vulnerability
from tidewaiter.core.policy.fields import records, subjects
from tidewaiter.core.policy.fields.base import View
from tidewaiter.core.policy.scope import Scope, computations_of
from tidewaiter.core.policy.types import parse_type
from tidewaiter.core.policy.world import World

AT = Location(file="usr/bin/x", layer=0)
PACKAGE = Package(type="deb", name="libx", version="1", location=AT, owner="o", direct=True)
LOCKED = Package(
    type="npm", name="left", version="1.0.0", found="locked", location=Location(file="package-lock.json", line=3)
)
IMAGE = Image(
    ref="shop/web:1.0",
    tags=("shop/web:1.0",),
    digest="sha256:00",
    base=BaseImage(names=("debian:12",)),
    config=ImageConfig(user="app", uid=7, env=(("A", "b"),), exposed_ports=("80/tcp",), created="2025-12-31T00:00:00Z"),
    os=OperatingSystem(id="debian", version_id="12", end_of_life="2028-06-30", extended_support="2033-06-30"),
    layers=(Layer(index=0, diff_id="d", digest="e", created="2025-12-31T00:00:00Z"),),
    packages=(PACKAGE,),
    tools=(Tool(name="sh", kind="shell", location=AT, package="dash"),),
    files=(NotableFile(kind="setuid", location=AT, mode=0o4755),),
    credentials=(Credential(rule="token", title="Token", location=AT, redacted="abcd"),),
)
FOLDER = Image(ref="fs:x", kind="filesystem", packages=(PACKAGE,))
DOCKERFILE = Dockerfile(
    path="Dockerfile",
    instructions=(
        Instruction(keyword="FROM", value="debian:12 AS a", line=1, end_line=1, image="debian:12", name="a"),
        Instruction(keyword="FROM", value="a", line=2, end_line=2, image="a", stage=1),
        Instruction(keyword="USER", value="app", line=3, end_line=3, stage=1, flags=(("x", "y"),), heredocs=("h",)),
    ),
)


def defect(package: Package, **facts: Any) -> Vulnerability:
    """Return a rated vulnerability."""
    return Vulnerability(
        id="CVE-1",
        package=package,
        severity=Severity.HIGH,
        cvss=7.5,
        cvss_vector="V",
        epss=0.5,
        epss_percentile=0.9,
        published="2025-01-01T00:00:00Z",
        fixed="2",
        **facts,
    )


def everything(**changes: Any) -> Context:
    """Return a tree that has one of everything."""
    facts: dict[str, Any] = {
        "root": "shop",
        "images": (IMAGE, FOLDER),
        "dockerfiles": (DOCKERFILE,),
        "packages": (LOCKED,),
        "vulnerabilities": {"shop/web:1.0": (defect(PACKAGE),), "fs:x": (), "": (defect(LOCKED),)},
        "coverage": Coverage(built="2026-01-01T00:00:00Z", age_hours=3, feeds=(("osv", "2026"),), missing=("npm",)),
        "bindings": (Binding(name="shop/web", image="shop/web:1.0", dockerfile="Dockerfile"),),
    }
    return tree(FULL, **{**facts, **changes})


def world(context: Context) -> World:
    """Return a world over the facts."""
    return World(context, records=records(), now=NOW, stage="build")


def wrong(value: Any, kind: Any, path: str) -> list[str]:
    """Return what does not have its declared type, one line each; unknown fits every type."""
    if isinstance(value, Unknown) or kind.kind == "dyn":
        return []
    match kind.kind:
        case "record":
            good = isinstance(value, View) and value.record.name == kind.name
        case "list":
            if isinstance(value, tuple | list):
                return [
                    line
                    for number, item in enumerate(value)
                    for line in wrong(item, kind.parameters[0], f"{path}[{number}]")
                ]
            good = False
        case "map":
            good = all(isinstance(key, str) for key in value)
            return (
                [line for key in value for line in wrong(value[key], kind.parameters[1], f"{path}[{key}]")]
                if good
                else [path]
            )
        case "int":
            good = type(value) is int
        case _:
            good = type(value) is {"string": str, "bool": bool, "double": float, "timestamp": Timestamp}[kind.kind]
    return [] if good else [f"{path}: {value!r} is no {kind}"]


def walk(found: World) -> tuple[set[str], list[str]]:
    """Read every field of every view that the subjects lead to; return what had a value, and what was wrong."""
    waiting: list[View] = [view for subject in subjects().values() for view in subject.members(found)]
    seen: dict[int, View] = {}
    read: set[str] = set()
    errors: list[str] = []
    while waiting:
        view = waiting.pop()
        # Parts are made anew for each reader, so a place is known by record, fact and pointer.
        key = hash((view.record.name, id(view.fact), view.pointer))
        if key in seen:
            continue
        seen[key] = view
        for field in view.record.fields:
            path = f"{view.record.name}.{field.name}"
            try:
                value = view[field.name]
            except KeyError:
                continue
            if not isinstance(value, Unknown):
                read.add(path)
            errors += wrong(value, parse_type(field.type), path)
            waiting += [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, View)]
    return read, errors


def test_values_have_their_declared_types() -> None:
    """No field lies about its type, and every field has a value somewhere in the sample."""
    read, errors = walk(world(everything()))
    declared = {f"{record.name}.{field.name}" for record in records().values() for field in record.fields}
    assert [] == errors
    assert set() == declared - read


@pytest.mark.parametrize(
    "changes",
    [{"partial": True}, {"coverage": None, "vulnerabilities": {}}, {"bindings": (), "dockerfiles": ()}, {"images": ()}],
)
def test_missing_facts_keep_the_types(changes: dict[str, Any]) -> None:
    """What is missing is absent or unknown and never a value of another type."""
    assert [] == walk(world(everything(**changes)))[1]


@pytest.mark.parametrize("subject", list(subjects().values()), ids=lambda subject: subject.id)
def test_subjects(subject: Any) -> None:
    """Each subject names its members once, places them, and gives every variable a value of its type."""
    found = world(everything())
    views = list(subject.members(found))
    assert views
    references = [subject.reference(view) for view in views]
    assert len({(r.ref, r.container, r.key) for r in references}) == len(references)
    for view in views:
        scope = Scope(view, computations_of(subject))
        subject.traits(view)
        subject.evidence(view)
        assert str(subject.place(view).at())
        for variable in subject.parents:
            assert [] == wrong(scope[variable.name], parse_type(variable.type), variable.name)
        assert isinstance(scope["cluster"], Unknown)


def test_advisory_data_missing_is_unknown() -> None:
    """Without advisory data nobody may say that an image has no vulnerabilities."""
    view = world(everything(vulnerabilities={})).view("image", IMAGE)
    assert isinstance(view["vulnerabilities"], Unknown)


def test_image_joined_to_its_places() -> None:
    """An image stands at its Dockerfile's USER line and knows the containers that run it."""
    found = world(everything())
    view = found.view("image", IMAGE)
    place = subjects()["image"].place(view)
    assert ("Dockerfile", 3, (Location(image="shop/web:1.0"),)) == (place.at().file, place.at().line, place.related)
    assert (["web"], 2) == ([c["name"] for c in view["containers"]], view["ageDays"])
    assert dict(subjects()["image"].evidence(view)) == {"exposed": True, "exposedBy": "shop/Deployment/web"}
