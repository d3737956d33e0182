"""What Services, Ingresses and NetworkPolicies say, read leniently from their raw objects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tidewaiter.core.context.selectors import LabelSelector, parse_labels
from tidewaiter.core.model.kubernetes import KubernetesObject

INGRESS_GROUPS = frozenset({"networking.k8s.io", "extensions"})


class Backend(msgspec.Struct, frozen=True, kw_only=True):
    """One place an Ingress sends requests to."""

    service: str
    """Name of the Service in the Ingress's namespace; empty for a `resource` backend."""
    port: int | str | None = None
    """Number or name of the Service's port; None when none is given."""
    resource: str = ""
    """`Kind/name` of a `resource` backend."""
    host: str = ""
    path: str = ""
    pointer: str
    """JSON Pointer of the backend relative to the Ingress."""
    target: KubernetesObject | None = None
    """The Service, when the tree has it."""
    exists: bool | None = None
    """Whether the Service exists; None when the namespace is not closed or the backend is a `resource`."""
    port_exists: bool | None = None
    """Whether the Service has the port; None when the Service is not known."""


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """One host name that an Ingress answers."""

    name: str
    """Empty for "every host"."""
    tls: bool
    """Whether an entry of `spec.tls` covers it."""
    pointer: str


def as_map(value: Any) -> Mapping[str, Any]:
    """Return `value` when it is a map, an empty one otherwise."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: Any) -> Sequence[Any]:
    """Return `value` when it is a list, an empty one otherwise."""
    return value if isinstance(value, list | tuple) else ()


def as_text(value: Any) -> str:
    """Return `value` when it is text, an empty one otherwise."""
    return value if isinstance(value, str) else ""


def service_selector(service: KubernetesObject) -> LabelSelector:
    """Return what pods a Service picks: none without a selector and none for `ExternalName`."""
    spec = as_map(service.raw.get("spec"))
    labels = parse_labels(spec.get("selector"))
    if not labels or spec.get("type") == "ExternalName":
        return LabelSelector(valid=False)
    return LabelSelector(labels=labels)


def has_port(service: KubernetesObject, port: int | str | None) -> bool:
    """Tell whether a Service has the port; `ExternalName` without ports forwards any number."""
    spec = as_map(service.raw.get("spec"))
    ports = [as_map(entry) for entry in as_list(spec.get("ports"))]
    if port is None or (not ports and spec.get("type") == "ExternalName"):
        return True
    if isinstance(port, str) and port.isascii() and port.isdigit():
        port = int(port)
    field = "port" if isinstance(port, int) else "name"
    return any(entry.get(field) == port for entry in ports)


def ingress_backends(ingress: KubernetesObject) -> Iterator[Backend]:
    """Yield the backends of an Ingress as written, v1 and the older shape (`serviceName`, `servicePort`)."""
    spec = as_map(ingress.raw.get("spec"))
    for field in ("defaultBackend", "backend"):
        if isinstance(spec.get(field), Mapping):
            yield _backend(spec[field], f"/spec/{field}", "", "")
    for row, rule in enumerate(as_list(spec.get("rules"))):
        host = as_text(as_map(rule).get("host"))
        for column, entry in enumerate(as_list(as_map(as_map(rule).get("http")).get("paths"))):
            backend = as_map(entry).get("backend")
            pointer = f"/spec/rules/{row}/http/paths/{column}"
            if isinstance(backend, Mapping):
                yield _backend(backend, f"{pointer}/backend", host, as_text(as_map(entry).get("path")))


def _backend(raw: Mapping[str, Any], pointer: str, host: str, path: str) -> Backend:
    if isinstance(raw.get("resource"), Mapping):
        resource = raw["resource"]
        ref = f"{as_text(resource.get('kind'))}/{as_text(resource.get('name'))}"
        return Backend(service="", resource=ref, host=host, path=path, pointer=pointer)
    service = as_map(raw.get("service"))
    name = as_text(service.get("name")) or as_text(raw.get("serviceName"))
    ports = as_map(service.get("port"))
    port = next((value for value in (ports.get("number"), ports.get("name"), raw.get("servicePort")) if value), None)
    return Backend(
        service=name,
        port=port if isinstance(port, int | str) and not isinstance(port, bool) else None,
        host=host,
        path=path,
        pointer=pointer,
    )


def ingress_hosts(ingress: KubernetesObject) -> Iterator[Host]:
    """Yield the hosts of the rules with whether TLS covers them; a wildcard covers one label."""
    spec = as_map(ingress.raw.get("spec"))
    covered: set[str] = set()
    everything = False
    for entry in as_list(spec.get("tls")):
        hosts = [host for host in as_list(as_map(entry).get("hosts")) if isinstance(host, str)]
        covered.update(hosts)
        everything = everything or not hosts
    for row, rule in enumerate(as_list(spec.get("rules"))):
        host = as_text(as_map(rule).get("host"))
        _, dot, parent = host.partition(".")
        tls = everything or host in covered or bool(dot and f"*.{parent}" in covered) or (not host and bool(covered))
        yield Host(name=host, tls=tls, pointer=f"/spec/rules/{row}/host" if host else f"/spec/rules/{row}")
