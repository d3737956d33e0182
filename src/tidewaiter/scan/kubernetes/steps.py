"""Workflow engines hold containers in shapes of their own: Argo Workflows and Tekton."""

from collections.abc import Iterator, Mapping
from typing import Any

from tidewaiter.core.model.kubernetes import Container, KubernetesObject, Workload
from tidewaiter.scan.kubernetes.container import Kind, container

_ARGO_POD_FIELDS = (
    "automountServiceAccountToken",
    "hostNetwork",
    "imagePullSecrets",
    "nodeSelector",
    "securityContext",
    "serviceAccountName",
    "tolerations",
    "volumes",
)


def step_workloads(item: KubernetesObject, shape: str, pointer: str, holder: Mapping[str, Any]) -> Iterator[Workload]:
    """Yield the workload of one Argo template or Tekton task at `pointer`; none when it runs no container."""
    containers = tuple(_argo(pointer, holder) if shape == "argo" else _tekton(pointer, holder))
    if not containers:
        return
    workflow = _map(item.raw.get("spec"))
    if shape == "argo":
        workflow = _map(workflow.get("workflowSpec")) or workflow
        pod_spec = {**{key: workflow[key] for key in _ARGO_POD_FIELDS if key in workflow}, **_own(holder)}
        metadata = _map(holder.get("metadata"))
    else:
        pod_spec = {**_map(workflow.get("podTemplate")), **_tekton_fields(workflow, holder)}
        metadata = _map(holder.get("metadata"))
    yield Workload(
        object=item,
        template_pointer=pointer,
        spec_pointer=pointer,
        pod_metadata=metadata,
        pod_spec=pod_spec,
        containers=containers,
    )


def _own(holder: Mapping[str, Any]) -> dict[str, Any]:
    return {key: holder[key] for key in _ARGO_POD_FIELDS if key in holder}


def _tekton_fields(spec: Mapping[str, Any], holder: Mapping[str, Any]) -> dict[str, Any]:
    fields = {"volumes": holder["volumes"]} if "volumes" in holder else {}
    account = spec.get("serviceAccountName")
    return {**fields, "serviceAccountName": account} if isinstance(account, str) else fields


def _argo(pointer: str, holder: Mapping[str, Any]) -> Iterator[Container]:
    name = holder.get("name")
    fallback = name if isinstance(name, str) else "main"
    yield from _each("init", holder.get("initContainers"), f"{pointer}/initContainers")
    for field in ("container", "script"):
        single = holder.get(field)
        if isinstance(single, Mapping):
            yield container("regular", single, f"{pointer}/{field}", fallback)
    yield from _each(
        "regular", _map(holder.get("containerSet")).get("containers"), f"{pointer}/containerSet/containers"
    )
    yield from _each("regular", holder.get("sidecars"), f"{pointer}/sidecars")


def _tekton(pointer: str, holder: Mapping[str, Any]) -> Iterator[Container]:
    defaults = {key: value for key, value in _map(holder.get("stepTemplate")).items() if key != "name"}
    yield from _each("regular", holder.get("steps"), f"{pointer}/steps", defaults)
    yield from _each("sidecar", holder.get("sidecars"), f"{pointer}/sidecars")


def _each(kind: Kind, entries: Any, pointer: str, defaults: Mapping[str, Any] | None = None) -> Iterator[Container]:
    if not isinstance(entries, list):
        return
    for index, entry in enumerate(entries):
        if isinstance(entry, Mapping):
            raw = {**defaults, **entry} if defaults else entry
            if "image" in raw:
                yield container(kind, raw, f"{pointer}/{index}", f"step-{index}")


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
