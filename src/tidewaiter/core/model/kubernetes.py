"""Kubernetes objects with the places of their fields, and the one view of everything that runs pods."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from tidewaiter.core.model.location import Location, Positions


class KubernetesObject(msgspec.Struct, frozen=True, kw_only=True):
    """One object of a manifest or of a cluster; `raw` is the decoded document and is never changed."""

    api_version: str
    kind: str
    name: str
    namespace: str = ""
    """Empty for cluster-scoped kinds; `default` is filled in for namespaced kinds that name none."""
    raw: Mapping[str, Any]
    file: str = ""
    document: int = 0
    """Index of the YAML document in its file, counted from 0."""
    pointer: str = ""
    """JSON Pointer of the object in its document; not empty for items of a `List`."""
    positions: Positions | None = None

    @property
    def group(self) -> str:
        """Return the API group, empty for core."""
        group, slash, _ = self.api_version.rpartition("/")
        return group if slash else ""

    @property
    def ref(self) -> str:
        """Return `kind/name`, with the namespace in front when it is not `default`: `shop/Deployment/web`."""
        prefix = f"{self.namespace}/" if self.namespace not in {"", "default"} else ""
        return f"{prefix}{self.kind}/{self.name}"

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the object's own labels; non-text values are left out."""
        return _texts(self.raw, "labels")

    @property
    def annotations(self) -> Mapping[str, str]:
        """Return the object's own annotations; non-text values are left out."""
        return _texts(self.raw, "annotations")

    def at(self, pointer: str = "") -> Location:
        """Return the location of a field given by its JSON Pointer relative to this object."""
        whole = self.pointer + pointer
        position = self.positions.find(whole) if self.positions is not None else None
        if position is None:
            return Location(file=self.file or None, pointer=whole)
        return Location(file=self.file or None, line=position.line, column=position.column, pointer=whole)


def _texts(raw: Mapping[str, Any], field: str) -> Mapping[str, str]:
    metadata = raw.get("metadata")
    values = metadata.get(field) if isinstance(metadata, Mapping) else None
    if not isinstance(values, Mapping):
        return {}
    return {key: value for key, value in values.items() if isinstance(key, str) and isinstance(value, str)}


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """One container of a pod template."""

    name: str
    kind: Literal["init", "sidecar", "regular", "ephemeral"]
    image: str
    """As written in the manifest."""
    pointer: str
    """JSON Pointer relative to the object: `/spec/template/spec/containers/0`."""
    raw: Mapping[str, Any]


class Workload(msgspec.Struct, frozen=True, kw_only=True):
    """Whatever makes pods, seen in one shape (see the guide's table of kinds and pod template pointers)."""

    object: KubernetesObject
    template_pointer: str
    """JSON Pointer of the pod template relative to the object; empty for a Pod."""
    spec_pointer: str
    """JSON Pointer of the pod spec relative to the object."""
    pod_metadata: Mapping[str, Any]
    pod_spec: Mapping[str, Any]
    containers: tuple[Container, ...]

    @property
    def ref(self) -> str:
        """Return the owner object's reference."""
        return self.object.ref

    @property
    def pod_labels(self) -> Mapping[str, str]:
        """Return the labels that pods of this workload carry."""
        return _texts({"metadata": self.pod_metadata}, "labels")

    @property
    def pod_annotations(self) -> Mapping[str, str]:
        """Return the annotations that pods of this workload carry."""
        return _texts({"metadata": self.pod_metadata}, "annotations")
