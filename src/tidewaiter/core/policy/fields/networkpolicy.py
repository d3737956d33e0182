"""Subject `networkpolicy`: a NetworkPolicy and the workloads it selects."""

from typing import Any

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Field, Record, View, mapping, sequence, text


def _types(view: View) -> tuple[str, ...]:
    """Return the policy types, with the default of the API: ingress always, egress when there are egress rules."""
    spec = mapping(view.fact.raw.get("spec"))
    written = tuple(text(name) for name in sequence(spec.get("policyTypes")))
    return written or (("Ingress", "Egress") if spec.get("egress") else ("Ingress",))


def _workloads(view: View) -> Any:
    open_world = view.world.open_world(view.fact.namespace, "workloads")
    if open_world is not None:
        return open_world
    context = view.world.context
    return tuple(
        workload
        for workload in view.world.workloads()
        if any(policy is view.fact for policy in context.network_policies_of(workload.fact))
    )


def _rules(direction: str) -> Any:
    return lambda view: sequence(mapping(view.fact.raw.get("spec")).get(direction))


RECORDS = (
    Record(
        "networkpolicy",
        "A NetworkPolicy.",
        (
            *common.OBJECT_FIELDS,
            Field("policyTypes", "list(string)", "`Ingress`, `Egress`, with the API's default.", _types),
            Field(
                "podSelector",
                "dyn",
                "As written; empty selects every pod of the namespace.",
                lambda v: mapping(mapping(v.fact.raw.get("spec")).get("podSelector")),
                cel="object.?spec.?podSelector.orValue({})",
            ),
            Field(
                "ingress", "list(dyn)", "Rules as written.", _rules("ingress"), cel="object.?spec.?ingress.orValue([])"
            ),
            Field("egress", "list(dyn)", "Rules as written.", _rules("egress"), cel="object.?spec.?egress.orValue([])"),
            Field(
                "workloads",
                "list(workload)",
                "Workloads that it selects; unknown outside a closed namespace.",
                _workloads,
            ),
        ),
        key=lambda v: v.fact.ref,
    ),
)

SUBJECT = common.object_subject("networkpolicy", "Judged once per NetworkPolicy.", ("NetworkPolicy",))
