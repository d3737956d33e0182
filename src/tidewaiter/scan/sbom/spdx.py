"""SPDX in JSON, versions 2.2 and 2.3 (ISO/IEC 5962)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from tidewaiter.core.report.carried import PREFIX
from tidewaiter.scan.json_text import text
from tidewaiter.scan.sbom.bom import Bom, Component
from tidewaiter.scan.sbom.json_document import SbomText, objects

_KINDS: Final = {
    "CONTAINER": "container",
    "APPLICATION": "application",
    "OPERATING-SYSTEM": "operating-system",
    "OPERATING_SYSTEM": "operating-system",
    "FILE": "file",
}
_NOTHING: Final = frozenset({"NOASSERTION", "NONE", ""})
_FOUND: Final = "found in "
_BUILT: Final = "built package from: "


class Spdx:
    """Reads JSON documents with an `spdxVersion`."""

    id: Final = "spdx"

    def read(self, document: SbomText) -> Bom | None:
        """Return the document, None for anything else; raises SbomError."""
        value = document.value
        return None if value is None or not text(value.get("spdxVersion")) else bom_of(value)


def bom_of(value: dict[str, Any]) -> Bom:
    """Return the document of a decoded value."""
    problems: list[str] = []
    packages = value.get("packages")
    if packages is not None and not isinstance(packages, list):
        problems.append("`packages` is no list")
    components = [_component(one) for one in objects(packages)]
    if isinstance(packages, list) and len(components) < len(packages):
        problems.append(f"{len(packages) - len(components)} packages are no objects")
    relations = [
        (text(one.get("spdxElementId")), text(one.get("relationshipType")), text(one.get("relatedSpdxElement")))
        for one in objects(value.get("relationships"))
    ]
    described = [text(one) for one in value.get("documentDescribes") or () if isinstance(one, str)]
    version = text(value.get("spdxVersion")).replace("SPDX-", "")
    return assembled(version, components, relations, described, problems)


def assembled(
    version: str,
    components: Iterable[Component],
    relations: Iterable[tuple[str, str, str]],
    described: Iterable[str],
    problems: Iterable[str],
) -> Bom:
    """Return the document: what it describes is its subject, relations between packages are edges."""
    edges: dict[str, list[str]] = defaultdict(list)
    about = list(described)
    for one, kind, other in relations:
        if kind == "DESCRIBES":
            about.append(other)
        elif kind == "DESCRIBED_BY":
            about.append(one)
        elif kind in {"DEPENDS_ON", "CONTAINS"}:
            edges[one].append(other)
        elif kind in {"DEPENDENCY_OF", "CONTAINED_BY"}:
            edges[other].append(one)
    all_of_them = list(components)
    named = set(about)
    subjects = [one for one in all_of_them if one.ref in named]
    subject = subjects[0] if len(subjects) == 1 and _is_whole(subjects[0], edges) else None
    return Bom(
        format=f"SPDX {version}",
        subject=subject,
        components=tuple(one for one in all_of_them if one is not subject),
        edges={ref: tuple(dict.fromkeys(targets)) for ref, targets in edges.items()},
        problems=tuple(problems),
    )


def _is_whole(component: Component, edges: dict[str, list[str]]) -> bool:
    """Tell a subject that holds others from a document about a single package."""
    return component.kind == "container" or bool(edges.get(component.ref)) or not component.purl


def _component(value: dict[str, Any]) -> Component:
    refs = [
        (text(one.get("referenceType")), text(one.get("referenceLocator")))
        for one in objects(value.get("externalRefs"))
    ]
    source = text(value.get("sourceInfo"))
    comments = [text(one.get("comment")) for one in objects(value.get("annotations"))]
    declared = text(value.get("licenseDeclared"))
    return Component(
        ref=text(value.get("SPDXID")),
        kind=_KINDS.get(text(value.get("primaryPackagePurpose")), "library"),
        name=text(value.get("name")),
        version=text(value.get("versionInfo")),
        purl=next((locator for kind, locator in refs if kind == "purl"), ""),
        cpe=next((locator for kind, locator in refs if kind in {"cpe23Type", "cpe22Type"}), ""),
        licence="" if declared in _NOTHING else declared,
        path=source.removeprefix(_FOUND) if source.startswith(_FOUND) else "",
        properties=pairs_of(comments) | built_from(source),
    )


def built_from(source: str) -> dict[str, str]:
    """Return the source package that Trivy writes as `built package from: openssl 3.1.0-r0`, as it names it elsewhere."""
    name, _, version = source.removeprefix(_BUILT).partition(" ")
    if not source.startswith(_BUILT) or not name:
        return {}
    return {"aquasecurity:trivy:SrcName": name, "aquasecurity:trivy:SrcVersion": version}


def pairs_of(comments: Iterable[str]) -> dict[str, str]:
    """Return our own pairs out of annotations, and those of others that are written `Key: value`."""
    found: dict[str, str] = {}
    for comment in comments:
        if comment.startswith(f'{{"{PREFIX}'):
            try:
                found |= msgspec.json.decode(comment, type=dict[str, str])
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                continue
        else:
            name, colon, rest = comment.partition(": ")
            if colon and " " not in name:
                found[name] = rest
    return found


FORMAT: Final = Spdx()
