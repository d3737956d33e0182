"""Objects become workloads: one view of everything that makes pods."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tidewaiter.core.model.kubernetes import Container, KubernetesObject, Workload
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.kubernetes.container import Kind, container
from tidewaiter.scan.kubernetes.steps import step_workloads
from tidewaiter.scan.kubernetes.structure import pod_templates
from tidewaiter.scan.kubernetes.templates import NOT_WORKLOADS, PLACES, Place

_BY_KIND: Mapping[tuple[str, str], Place] = {
    (group, kind): place for place in PLACES for group in place.groups for kind in place.kinds
}
_LISTS: tuple[tuple[str, Kind], ...] = (
    ("initContainers", "init"),
    ("containers", "regular"),
    ("ephemeralContainers", "ephemeral"),
)


def workloads(objects: Iterable[KubernetesObject]) -> tuple[Workload, ...]:
    """Return the workloads of the objects, in order; an object with several pod templates gives several.

    Containers stand in the order init and sidecar, regular, ephemeral. Malformed parts are left out here and told by
    `malformed`.
    """
    return tuple(workload for item in objects for workload in workloads_of(item))


def workloads_of(item: KubernetesObject) -> Iterator[Workload]:
    """Yield the workloads of one object."""
    place = _BY_KIND.get((item.group, item.kind))
    if place is None:
        if not _is_foreign(item.group):
            for template, spec in pod_templates(item.raw):
                yield _workload(item, template, spec)
        return
    for template in place.templates:
        for pointer, value in resolve(item.raw, template):
            if isinstance(value, Mapping) and isinstance(value.get("spec"), Mapping):
                yield _workload(item, pointer, f"{pointer}/spec")
    for steps in place.steps:
        for pointer, value in resolve(item.raw, steps):
            if isinstance(value, Mapping):
                yield from step_workloads(item, place.shape, pointer, value)


def malformed(item: KubernetesObject) -> Iterator[Unknown]:
    """Yield what is wrong with the pod templates of an object, so that an unread container is never a silent pass."""
    place = _BY_KIND.get((item.group, item.kind))
    if place is None or not place.templates:
        return
    found = False
    for template in place.templates:
        for pointer, value in resolve(item.raw, template):
            if isinstance(value, Mapping) and isinstance(value.get("spec"), Mapping):
                found = True
                yield from _malformed_spec(item, f"{pointer}/spec", value["spec"])
    if not found and place.required:
        yield _unknown(item, place.templates[0], "has no pod template (a map with `spec`)")


def _malformed_spec(item: KubernetesObject, pointer: str, spec: Mapping[str, Any]) -> Iterator[Unknown]:
    for field, _ in _LISTS:
        value = spec.get(field)
        if value is None:
            continue
        if not isinstance(value, list):
            yield _unknown(item, f"{pointer}/{field}", f"`{field}` is not a list")
            continue
        for index, entry in enumerate(value):
            if not isinstance(entry, Mapping):
                yield _unknown(item, f"{pointer}/{field}/{index}", f"item {index} of `{field}` is not a map")


def _unknown(item: KubernetesObject, pointer: str, what: str) -> Unknown:
    location = item.at(pointer)
    return Unknown(
        subject=item.ref,
        reason=f"{location}: {item.ref} {what}",
        advice="correct the manifest: Kubernetes refuses it as it stands",
        location=location,
    )


def resolve(root: Any, pattern: str) -> Iterator[tuple[str, Any]]:
    """Yield pointer and value of every place that a pointer with `*` reaches."""
    found: list[tuple[str, Any]] = [("", root)]
    for part in pattern.split("/")[1:]:
        following: list[tuple[str, Any]] = []
        for pointer, value in found:
            if part == "*" and isinstance(value, list):
                following.extend((f"{pointer}/{index}", entry) for index, entry in enumerate(value))
            elif part != "*" and isinstance(value, Mapping) and part in value:
                following.append((f"{pointer}/{part}", value[part]))
        found = following
    yield from found


def _workload(item: KubernetesObject, template: str, spec: str) -> Workload:
    pod_spec = map_at(item.raw, spec)
    metadata = map_at(item.raw, template).get("metadata") if template != spec else None
    return Workload(
        object=item,
        template_pointer=template,
        spec_pointer=spec,
        pod_metadata=metadata if isinstance(metadata, Mapping) else {},
        pod_spec=pod_spec,
        containers=tuple(_containers(pod_spec, spec)),
    )


def map_at(root: Any, pointer: str) -> Mapping[str, Any]:
    """Return the map at a JSON Pointer (RFC 6901), an empty one when there is none."""
    value = root
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isascii() and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return {}
    return value if isinstance(value, Mapping) else {}


def _containers(spec: Mapping[str, Any], pointer: str) -> Iterator[Container]:
    for field, kind in _LISTS:
        entries = spec.get(field)
        if not isinstance(entries, list):
            continue
        for index, raw in enumerate(entries):
            if isinstance(raw, Mapping):
                sidecar = kind == "init" and raw.get("restartPolicy") == "Always"
                yield container("sidecar" if sidecar else kind, raw, f"{pointer}/{field}/{index}")


def _is_foreign(group: str) -> bool:
    return any(group == foreign or group.endswith(f".{foreign}") for foreign in NOT_WORKLOADS)
