"""Subject `binding`: a RoleBinding or ClusterRoleBinding."""

from collections.abc import Mapping
from typing import Any

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Field, Record, View, mapping, sequence, text


def _subjects(view: View) -> Any:
    return tuple(
        view.world.part("bindingSubject", subject, view, f"/subjects/{index}")
        for index, subject in enumerate(sequence(view.fact.raw.get("subjects")))
        if isinstance(subject, Mapping)
    )


RECORDS = (
    Record(
        "binding",
        "A RoleBinding or ClusterRoleBinding.",
        (
            *common.OBJECT_FIELDS,
            Field(
                "roleKind",
                "string",
                "`Role` or `ClusterRole`.",
                lambda v: text(mapping(v.fact.raw.get("roleRef")).get("kind")),
                cel="object.roleRef.kind",
            ),
            Field(
                "roleName",
                "string",
                "Name of the role.",
                lambda v: text(mapping(v.fact.raw.get("roleRef")).get("name")),
                cel="object.roleRef.name",
            ),
            Field("subjects", "list(bindingSubject)", "Who gets the role.", _subjects),
        ),
        key=lambda v: v.fact.ref,
    ),
    Record(
        "bindingSubject",
        "One subject of a binding.",
        (
            Field("kind", "string", "`User`, `Group` or `ServiceAccount`.", lambda v: text(v.fact.get("kind"))),
            Field("name", "string", "Its name.", lambda v: text(v.fact.get("name"))),
            Field(
                "namespace",
                "string",
                "Namespace of a ServiceAccount; empty for others.",
                lambda v: text(v.fact.get("namespace")),
            ),
            Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
        ),
        key=lambda v: f"{v['kind']} {v['namespace']} {v['name']}",
    ),
)

SUBJECT = common.object_subject(
    "binding", "Judged once per RoleBinding and ClusterRoleBinding.", ("RoleBinding", "ClusterRoleBinding")
)
