"""Bytes of a manifest file become Kubernetes objects with the places of their fields."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tidewaiter.core.model.kubernetes import KubernetesObject
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.kubernetes.scope import cluster_kinds_of, is_cluster_scoped
from tidewaiter.scan.kubernetes.workloads import malformed
from tidewaiter.scan.yaml_text import DEFAULT_LIMITS, Document, Limits, load_documents
from tidewaiter.scan.yaml_text.errors import TEMPLATE_ADVICE

_TEMPLATE = re.compile(
    rb"\{\{-?\s*(?:\$?\.Values\.|\$?\.Release\.|\$?\.Chart\.|(?:include|template|toYaml|tpl|required|default|if|with|range)\s)"
)
_MAY_BE_OBJECT = re.compile(rb"apiVersion|kind")
_MARKED = (b"\xef", b"\xff", b"\xfe", b"\x00")
_HOLDS_TEXT = frozenset({"ConfigMap", "Secret", "CustomResourceDefinition"})
_DEEPEST_LIST = 3


class Manifests(msgspec.Struct, frozen=True, kw_only=True):
    """What one file holds."""

    objects: tuple[KubernetesObject, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


def read_manifests(text: bytes, file: str, limits: Limits = DEFAULT_LIMITS) -> Manifests:
    """Return the Kubernetes objects of a YAML or JSON file and what could not be read; never raises.

    Items of a `List` are objects of their own. Documents that are plainly something else (Helm values, compose files,
    CI files, package.json) are left out without a word; a `.json` file that is broken and names neither `apiVersion`
    nor `kind` is something else too.
    """
    if file.endswith(".json") and text[:1] not in _MARKED and _MAY_BE_OBJECT.search(text) is None:
        return Manifests()
    documents = load_documents(text, file, limits)
    declared = cluster_kinds_of(document.value for document in documents)
    objects: list[KubernetesObject] = []
    unknowns: list[Unknown] = []
    for document in documents:
        if document.error is not None:
            if not file.endswith(".json") or _MAY_BE_OBJECT.search(document.text) is not None:
                unknowns.append(document.error)
            continue
        found = list(_objects(document, document.value, "", declared, unknowns, _DEEPEST_LIST))
        template = _unrendered(document, found)
        if template is not None:
            unknowns.append(template)
            continue
        objects.extend(found)
    for item in objects:
        unknowns.extend(malformed(item))
    return Manifests(objects=tuple(objects), unknowns=tuple(unknowns))


def _objects(
    document: Document, value: Any, pointer: str, declared: frozenset[str], unknowns: list[Unknown], levels: int
) -> Iterator[KubernetesObject]:
    if not isinstance(value, dict):
        return
    api_version, kind = value.get("apiVersion"), value.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str) or not api_version or not kind:
        if not pointer and _is_damaged(value):
            unknowns.append(_damaged(document, value))
        return
    items = value.get("items")
    if kind == "List" and items is not None and not isinstance(items, list):
        unknowns.append(_not_read(document, f"{pointer}/items", "`items` of the List is not a list"))
        return
    if kind.endswith("List") and isinstance(items, list) and not levels:
        unknowns.append(_not_read(document, pointer, f"lists lie in each other deeper than {_DEEPEST_LIST}"))
        return
    if kind.endswith("List") and isinstance(items, list):
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                unknowns.append(
                    _not_read(document, f"{pointer}/items/{index}", f"item {index} of the {kind} is no map")
                )
                continue
            whole = _completed(item, api_version, kind.removesuffix("List"))
            yield from _objects(document, whole, f"{pointer}/items/{index}", declared, unknowns, levels - 1)
        return
    yield _object(document, value, pointer, declared)


def _object(document: Document, value: dict[str, Any], pointer: str, declared: frozenset[str]) -> KubernetesObject:
    metadata = value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    kind = value["kind"]
    namespace = metadata.get("namespace")
    if is_cluster_scoped(kind, declared):
        namespace = ""
    elif not isinstance(namespace, str) or not namespace:
        namespace = "default"
    return KubernetesObject(
        api_version=value["apiVersion"],
        kind=kind,
        name=_name(metadata),
        namespace=namespace,
        raw=value,
        file=document.file,
        document=document.index,
        pointer=pointer,
        positions=document.positions,
    )


def _name(metadata: Mapping[str, Any]) -> str:
    """Return the name, or `generateName` with a `*` for what the server adds; numbers are kept as text."""
    name = metadata.get("name")
    if isinstance(name, str | int | float) and name != "":
        return str(name)
    prefix = metadata.get("generateName")
    return f"{prefix}*" if isinstance(prefix, str) and prefix else ""


def _completed(item: Any, api_version: str, kind: str) -> Any:
    """Give an item of a typed list (`PodList`) the kind that the list implies."""
    if not isinstance(item, dict) or not kind or ("kind" in item and "apiVersion" in item):
        return item
    return {"apiVersion": api_version, "kind": kind, **item}


def _is_damaged(value: Mapping[str, Any]) -> bool:
    """Tell whether this was meant to be an object: it has `apiVersion` or `kind` and a part only objects have."""
    if "apiVersion" not in value and "kind" not in value:
        return False
    metadata = value.get("metadata")
    is_named = isinstance(metadata, dict) and ("name" in metadata or "namespace" in metadata)
    return is_named and ("spec" in value or "data" in value or "rules" in value)


def _damaged(document: Document, value: Mapping[str, Any]) -> Unknown:
    missing = next(
        field for field in ("apiVersion", "kind") if not isinstance(value.get(field), str) or not value.get(field)
    )
    position = document.positions.find("")
    location = Location(
        file=document.file,
        line=position.line if position else document.line,
        column=position.column if position else None,
        pointer="",
    )
    return Unknown(
        subject=document.file,
        reason=f"{location}: `{missing}` is missing or not text, so the kind of the object is not known",
        advice=f"add `{missing}`",
        location=location,
    )


def _not_read(document: Document, pointer: str, reason: str) -> Unknown:
    position = document.positions.find(pointer)
    line, column = (position.line, position.column) if position else (document.line, None)
    location = Location(file=document.file, line=line, column=column, pointer=pointer)
    return Unknown(
        subject=document.file,
        reason=f"{location}: {reason}, so it was not read",
        advice="correct it: kubectl refuses it as well",
        location=location,
    )


def _unrendered(document: Document, objects: list[KubernetesObject]) -> Unknown | None:
    """Tell of a Helm template that happens to be YAML: its fields are expressions, not values."""
    if b"{{" not in document.text or not objects or objects[0].kind in _HOLDS_TEXT:
        return None
    match = _TEMPLATE.search(document.text)
    if match is None:
        return None
    line = document.line + document.text.count(b"\n", 0, match.start())
    location = Location(file=document.file, line=line)
    return Unknown(
        subject=f"{document.file} document {document.index}" if document.index else document.file,
        reason=f"{location}: it is a Helm or Go template, its values are not known before it is rendered",
        advice=TEMPLATE_ADVICE,
        location=location,
    )
