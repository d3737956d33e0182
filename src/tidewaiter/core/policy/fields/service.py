"""Subject `service`: a Service, its selector and the workloads it picks."""

from collections.abc import Mapping
from typing import Any

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Field, Record, View, given, mapping, sequence, text


def _spec(view: View) -> Mapping[str, Any]:
    return mapping(view.fact.raw.get("spec"))


def _ports(view: View) -> Any:
    return tuple(
        view.world.part("servicePort", port, view, f"/spec/ports/{index}")
        for index, port in enumerate(sequence(_spec(view).get("ports")))
        if isinstance(port, Mapping)
    )


def _workloads(view: View) -> Any:
    open_world = view.world.open_world(view.fact.namespace, "workloads")
    if open_world is not None:
        return open_world
    return view.world.views("workload", view.world.context.workloads_of(view.fact))


RECORDS = (
    Record(
        "service",
        "A Service.",
        (
            *common.OBJECT_FIELDS,
            Field(
                "type",
                "string",
                "`ClusterIP` when not set.",
                lambda v: text(_spec(v).get("type")) or "ClusterIP",
                cel="object.?spec.?type.orValue('ClusterIP')",
            ),
            Field(
                "selector",
                "map(string, string)",
                "Labels of the pods it leads to; empty when endpoints are kept by hand.",
                lambda v: {key: text(value) for key, value in mapping(_spec(v).get("selector")).items()},
                cel="object.?spec.?selector.orValue({})",
            ),
            Field("ports", "list(servicePort)", "Its ports.", _ports),
            Field(
                "isExternal",
                "bool",
                "True for node ports and load balancers.",
                lambda v: _spec(v).get("type") in {"NodePort", "LoadBalancer"},
            ),
            Field(
                "workloads",
                "list(workload)",
                "Workloads whose pods it selects; unknown outside a closed namespace.",
                _workloads,
            ),
        ),
        key=lambda v: v.fact.ref,
    ),
    Record(
        "servicePort",
        "One port of a Service.",
        (
            Field("name", "string", "Its name; empty when it has none.", lambda v: text(v.fact.get("name"))),
            Field("port", "int", "Port of the Service.", lambda v: given(v.fact.get("port"))),
            Field(
                "targetPort",
                "string",
                "Number or name of the container's port, the Service's own when not set.",
                lambda v: text(v.fact.get("targetPort")) or text(v.fact.get("port")),
            ),
            Field("nodePort", "int", "Port on every node; 0 when none is set.", lambda v: v.fact.get("nodePort") or 0),
            Field("protocol", "string", "`TCP` by default.", lambda v: text(v.fact.get("protocol")) or "TCP"),
            Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
        ),
        key=lambda v: f"{v['protocol']} {v.fact.get('port')}",
    ),
)

SUBJECT = common.object_subject("service", "Judged once per Service.", ("Service",))
