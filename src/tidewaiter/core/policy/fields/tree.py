"""Subject `tree`: all that is judged together, with every collection and the state of the advisory data."""

from typing import Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.model.location import Location
from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import ABSENT, Field, Place, Record, Subject, View
from tidewaiter.core.policy.selector import Traits
from tidewaiter.core.policy.world import World, moment


def _objects(record: str, *kinds: str) -> Any:
    return lambda view: view.world.views(
        record, [found for kind in kinds for found in view.world.context.objects_of(kind)]
    )


def _facts(record: str, attribute: str) -> Any:
    return lambda view: view.world.views(record, getattr(view.world.context.tree, attribute))


ADVISORIES = Record(
    "advisories",
    "What the advisory data could speak of.",
    (
        Field(
            "isPresent", "bool", "True when a database was read.", lambda v: v.fact is not None and bool(v.fact.built)
        ),
        Field(
            "built",
            "timestamp",
            "When it was made; absent without one.",
            lambda v: ABSENT if v.fact is None else moment(v.fact.built) or ABSENT,
        ),
        Field(
            "ageHours",
            "double",
            "Age in hours; absent without a database.",
            lambda v: ABSENT if v.fact is None or v.fact.age_hours is None else float(v.fact.age_hours),
        ),
        Field(
            "missing",
            "list(string)",
            "Ecosystems of found packages that no feed covers.",
            lambda v: () if v.fact is None else v.fact.missing,
        ),
        Field(
            "feeds",
            "list(string)",
            "Ids of the feeds it holds.",
            lambda v: () if v.fact is None else tuple(feed for feed, _ in v.fact.feeds),
        ),
    ),
)

RECORDS = (
    Record(
        "tree",
        "All that is judged together.",
        (
            Field("root", "string", "The checked folder.", lambda v: v.fact.root),
            Field(
                "isPartial",
                "bool",
                "True when other manifests of the same namespaces live elsewhere.",
                lambda v: v.fact.partial,
            ),
            Field(
                "environment",
                "string",
                "As given by command or configuration; empty when not given.",
                lambda v: v.world.environment or v.fact.environment,
            ),
            Field(
                "advisories",
                "advisories",
                "The state of the advisory data.",
                lambda v: v.world.part("advisories", v.fact.coverage, v),
            ),
            Field("objects", "list(object)", "Every Kubernetes object.", _facts("object", "objects")),
            Field("workloads", "list(workload)", "Everything that makes pods.", lambda v: v.world.workloads()),
            Field("services", "list(service)", "Every Service.", _objects("service", "Service")),
            Field("ingresses", "list(ingress)", "Every Ingress.", _objects("ingress", "Ingress")),
            Field(
                "networkPolicies",
                "list(networkpolicy)",
                "Every NetworkPolicy.",
                _objects("networkpolicy", "NetworkPolicy"),
            ),
            Field("secrets", "list(secret)", "Every Secret object.", _objects("secret", "Secret")),
            Field("configmaps", "list(configmap)", "Every ConfigMap.", _objects("configmap", "ConfigMap")),
            Field("roles", "list(role)", "Every Role and ClusterRole.", _objects("role", "Role", "ClusterRole")),
            Field(
                "bindings",
                "list(binding)",
                "Every RoleBinding and ClusterRoleBinding.",
                _objects("binding", "RoleBinding", "ClusterRoleBinding"),
            ),
            Field("images", "list(image)", "Every image that was given.", _facts("image", "images")),
            Field("dockerfiles", "list(dockerfile)", "Every Dockerfile.", _facts("dockerfile", "dockerfiles")),
            Field("packages", "list(package)", "Packages of lock files.", _facts("package", "packages")),
            Field(
                "vulnerabilities",
                "list(vulnerability)",
                "Vulnerabilities of lock files; unknown without advisory data.",
                lambda v: common.vulnerability_views(v.world, "", None),
            ),
        ),
    ),
    ADVISORIES,
)


def view_of(world: World) -> View:
    """Return the one view of the tree."""
    return world.view("tree", world.context.tree)


def _reference(view: View) -> SubjectRef:
    return SubjectRef(kind="tree", ref=view.fact.root or ".")


SUBJECT = Subject(
    id="tree",
    doc="Judged once per run.",
    record="tree",
    members=lambda world: (view_of(world),),
    reference=_reference,
    traits=lambda _view: Traits(),
    place=lambda v: Place(location=Location(file=v.fact.root or ".")),
)
