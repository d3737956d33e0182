"""Subject `ingress`: an Ingress, its hosts, its TLS and the Services behind it."""

from collections.abc import Mapping
from typing import Any

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import ABSENT, Field, Record, View, mapping, sequence, text


def _spec(view: View) -> Mapping[str, Any]:
    return mapping(view.fact.raw.get("spec"))


def _rules(view: View) -> Any:
    return tuple(
        view.world.part("ingressRule", rule, view, f"/spec/rules/{index}")
        for index, rule in enumerate(sequence(_spec(view).get("rules")))
        if isinstance(rule, Mapping)
    )


def _has_tls(view: View) -> bool:
    return any(
        host.tls
        for host in view.world.context.hosts_of(view.above.fact)
        if host.pointer.removesuffix("/host") == view.pointer
    )


def _tls(view: View) -> Any:
    return tuple(
        view.world.part("ingressTls", entry, view, f"/spec/tls/{index}")
        for index, entry in enumerate(sequence(_spec(view).get("tls")))
        if isinstance(entry, Mapping)
    )


def _hosts(view: View) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule["host"] for rule in view["rules"] if rule["host"]))


def _backends(view: View) -> Any:
    backends = view.world.context.backends_of(view.fact)
    return tuple(view.world.part("backend", backend, view, backend.pointer) for backend in backends if backend.service)


def _exists(view: View) -> Any:
    """Return whether Service and port are there; only a closed namespace can say that a Service is not."""
    if view.fact.exists is None:
        return view.world.open_world(view.above.fact.namespace, "services") or ABSENT
    return view.fact.exists and view.fact.port_exists is not False


def _class(view: View) -> str:
    return text(_spec(view).get("ingressClassName")) or view.fact.annotations.get("kubernetes.io/ingress.class", "")


RECORDS = (
    Record(
        "ingress",
        "An Ingress.",
        (
            *common.OBJECT_FIELDS,
            Field("className", "string", "Ingress class by field or old annotation; empty when not set.", _class),
            Field("hosts", "list(string)", "Host names of its rules, each once.", _hosts),
            Field("rules", "list(ingressRule)", "Its rules.", _rules),
            Field("tls", "list(ingressTls)", "Its TLS entries.", _tls),
            Field("backends", "list(backend)", "Every Service it leads to, the default backend included.", _backends),
        ),
        key=lambda v: v.fact.ref,
    ),
    Record(
        "ingressRule",
        "One rule of an Ingress.",
        (
            Field("host", "string", "Its host; empty for every host.", lambda v: text(v.fact.get("host"))),
            Field("hasTls", "bool", "True when an entry of `tls` covers the host.", _has_tls),
            Field(
                "urlPaths",
                "list(string)",
                "URL paths in order; `/` when none is written.",
                lambda v: tuple(
                    text(mapping(p).get("path")) or "/" for p in sequence(mapping(v.fact.get("http")).get("paths"))
                ),
            ),
            Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
        ),
        key=lambda v: v["host"],
    ),
    Record(
        "ingressTls",
        "One TLS entry of an Ingress.",
        (
            Field(
                "hosts",
                "list(string)",
                "Hosts it covers; empty for every host.",
                lambda v: tuple(text(host) for host in sequence(v.fact.get("hosts"))),
            ),
            Field(
                "secretName",
                "string",
                "Secret with the certificate; empty when the controller brings one.",
                lambda v: text(v.fact.get("secretName")),
            ),
            Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
        ),
    ),
    Record(
        "backend",
        "One Service that an Ingress leads to.",
        (
            Field("service", "string", "Name of the Service.", lambda v: v.fact.service),
            Field("port", "string", "Number or name of its port.", lambda v: text(v.fact.port)),
            Field(
                "exists",
                "bool",
                "Whether the tree holds that Service with that port; unknown outside a closed namespace.",
                _exists,
            ),
            Field("path", "string", "JSON Pointer of the backend in its object.", lambda v: v.pointer),
        ),
        key=lambda v: f"{v.fact.service}:{text(v.fact.port)}",
    ),
)

SUBJECT = common.object_subject("ingress", "Judged once per Ingress.", ("Ingress",))
