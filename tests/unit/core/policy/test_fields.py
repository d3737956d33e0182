"""The vocabulary: declared types resolve, computations agree, closed worlds and cycles."""

import re
from typing import Any

import pytest

from policies import DEPLOYMENT, FULL, NOW, judged, policy, tree
from tidewaiter.core.cel import Environment, Unknown, compile, types  # noqa: A004 - the public name is `cel.compile`
from tidewaiter.core.context import Context
from tidewaiter.core.policy.fields import records, subjects
from tidewaiter.core.policy.fields.base import Field, View
from tidewaiter.core.policy.types import parse_type
from tidewaiter.core.policy.vocabulary import describe, subject_names
from tidewaiter.core.policy.world import World


def world(context: Context) -> World:
    """Return a world over the facts."""
    return World(context, records=records(), now=NOW, stage="build")


@pytest.mark.parametrize("name", list(records()))
def test_every_type_resolves(name: str) -> None:
    """Each field names a known type, is lowerCamelCase and is told in one sentence."""
    for field in records()[name].fields:
        parse_type(field.type)
        assert re.fullmatch(r"[a-z][A-Za-z0-9]*", field.name), field.name
        assert field.doc.endswith("."), field.name


DECLARED = [(record, field) for record in records().values() for field in record.fields if field.cel]
RAW = Environment(variables={"object": types.DYN, "podSpec": types.DYN, "self": types.DYN})


def views_of(record: str, found: World) -> list[View]:
    """Return the views of a record that the sample tree holds."""
    containers = [container for workload in found.workloads() for container in workload["containers"]]
    match record:
        case "container":
            return containers
        case "security":
            return [container["security"] for container in containers]
        case "capabilities":
            return [container["security"]["capabilities"] for container in containers]
        case "host":
            return [workload["host"] for workload in found.workloads()]
        case _:
            return list(subjects()[record].members(found)) if record in subjects() else []


def raw_of(view: View) -> dict[str, Any]:
    """Return the raw values that a declared computation may read."""
    part: View | None = view
    values: dict[str, Any] = {}
    while part is not None:
        fact = part.fact
        if hasattr(fact, "pod_spec"):
            values |= {"object": fact.object.raw, "podSpec": fact.pod_spec}
        elif hasattr(fact, "raw"):
            values.setdefault("self", fact.raw)
            values.setdefault("object", fact.raw)
        part = part.parent
    return values


@pytest.mark.parametrize(("record", "field"), DECLARED, ids=[f"{r.name}.{f.name}" for r, f in DECLARED])
def test_both_computations_are_equal(record: Any, field: Field) -> None:
    """A field that declares its computation in CEL gives the same value from the object alone."""
    program = compile(field.cel, RAW)
    views = views_of(record.name, world(tree(FULL)))
    assert views
    for view in views:
        try:
            expected = view[field.name]
        except KeyError:
            assert not isinstance(program.evaluate(raw_of(view)), str | int | bool)
            continue
        actual = program.evaluate(raw_of(view))
        assert (list(expected) if isinstance(expected, tuple) else expected) == actual


@pytest.mark.parametrize(("partial", "known"), [(False, True), (True, False)])
def test_closed_world(partial: bool, known: bool) -> None:
    """Absence can be told of a namespace that the tree defines, and never of a partial tree."""
    (view,) = world(tree(DEPLOYMENT, partial=partial)).workloads()
    for name in ("services", "ingresses", "networkPolicies", "isExposed"):
        assert known == (not isinstance(view[name], Unknown)), name


def test_joins() -> None:
    """Services, policies, the account and its bindings are joined to the workload."""
    view = world(tree(FULL)).workloads()[0]
    assert ["web"] == [service["name"] for service in view["services"]]
    assert ["np"] == [found["name"] for found in view["networkPolicies"]]
    assert (True, False, ["b"]) == (
        view["isExposed"],
        view["automountToken"],
        [b["name"] for b in view["roleBindings"]],
    )


def test_circles_end() -> None:
    """Volumes and mounts lead to each other; judging and showing them ends."""
    text = (
        DEPLOYMENT.replace(
            "          image: shop/web:1.0\n",
            "          image: shop/web:1.0\n          volumeMounts: [{name: v, mountPath: /v}]\n",
        )
        + "      volumes: [{name: v, hostPath: {path: /}}]\n"
    )
    rules = "    - {name: one, each: workload.volumes, forbid: \"item.mounts.exists(m, m.volume.hostPath == '/')\", message: 'x {{ workload.volumes }}'}"
    assert ["v"] == [f.subject.key for f in judged([policy(rules, subject="workload")], tree(text)).findings]


@pytest.mark.parametrize("subject", subject_names())
def test_description(subject: str) -> None:
    """Every subject can be looked up and names its own variable."""
    assert f"\n  {subject} (" in describe(subject)
