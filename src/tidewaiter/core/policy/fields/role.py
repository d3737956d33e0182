"""Subject `role`: a Role or ClusterRole and its rules."""

from collections.abc import Mapping
from typing import Any

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Field, Record, View, sequence, text


def _rules(view: View) -> Any:
    return tuple(
        view.world.part("roleRule", rule, view, f"/rules/{index}")
        for index, rule in enumerate(sequence(view.fact.raw.get("rules")))
        if isinstance(rule, Mapping)
    )


def _texts(key: str) -> Any:
    return lambda view: tuple(text(part) for part in sequence(view.fact.get(key)))


RECORDS = (
    Record(
        "role",
        "A Role or ClusterRole.",
        (*common.OBJECT_FIELDS, Field("rules", "list(roleRule)", "Its rules.", _rules)),
        key=lambda v: v.fact.ref,
    ),
    Record(
        "roleRule",
        "One rule of a role.",
        (
            Field("apiGroups", "list(string)", "API groups; the empty text is core.", _texts("apiGroups")),
            Field("resources", "list(string)", "Resources, `*` for all.", _texts("resources")),
            Field("resourceNames", "list(string)", "Names it is limited to; empty for all.", _texts("resourceNames")),
            Field("verbs", "list(string)", "Verbs, `*` for all.", _texts("verbs")),
            Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
        ),
    ),
)

SUBJECT = common.object_subject("role", "Judged once per Role and ClusterRole.", ("Role", "ClusterRole"))
