"""The inventory of a scan as a CycloneDX 1.6 SBOM in JSON (ECMA-424)."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from tidewaiter.core.report import Report, as_unicode
from tidewaiter.core.report.carried import image_pairs, package_pairs
from tidewaiter.core.report.facts import Facts, PackageFacts
from tidewaiter.core.report.image_name import image_purl

_SCHEMA: Final = "http://cyclonedx.org/schema/bom-1.6.schema.json"
_NAMESPACE: Final = uuid.UUID("6f0e5a52-5d0c-5c2e-9d0b-7469646577fa")
_SCOPES: Final = {"prod": "required", "dev": "optional", "test": "optional", "optional": "optional"}


class _CycloneDx(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "cyclonedx"
    tags: frozenset[str] = frozenset({"machines", "scan", "sbom"})
    media_type: str = "application/vnd.cyclonedx+json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the SBOM."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return the SBOM, ending in a newline; its serial number is a hash of its content, so equal inventories are equal.

    What the format has no field for stands in properties `tidewaiter:…`, from which a scan of the SBOM gets back what
    a scan of the image knew.
    """
    facts = report.facts
    refs = _references(facts.packages) if facts else ()
    bom: dict[str, Any] = {
        "$schema": _SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": _metadata(report, facts),
        "components": [*_system(facts), *(_component(*pair) for pair in zip(refs, facts.packages, strict=True))]
        if facts
        else [],
        "dependencies": _dependencies(facts, refs) if facts else [],
    }
    plain = as_unicode(bom)
    serial = uuid.uuid5(_NAMESPACE, json.dumps(plain, sort_keys=True))
    named = {
        "$schema": plain.pop("$schema"),
        "bomFormat": plain.pop("bomFormat"),
        "specVersion": plain.pop("specVersion"),
    }
    return json.dumps({**named, "serialNumber": f"urn:uuid:{serial}", **plain}, indent=2, ensure_ascii=False) + "\n"


def _metadata(report: Report, facts: Facts | None) -> dict[str, Any]:
    tool = {"type": "application", "name": report.tool.name, "version": report.tool.version}
    metadata: dict[str, Any] = {"tools": {"components": [tool]}}
    if report.created:
        metadata = {"timestamp": report.created, **metadata}
    if facts is None:
        return metadata
    image = facts.image
    subject: dict[str, Any] = {
        "bom-ref": _subject(facts),
        "type": "container" if image.kind == "image" else "application",
        "name": image.ref or image.source or "unnamed",
    }
    if image.digest:
        subject["version"] = image.digest
    purl = image_purl(image)
    if purl:
        subject["purl"] = purl
    subject["properties"] = _properties(image_pairs(image, facts.layers))
    return {**metadata, "component": subject}


def _subject(facts: Facts) -> str:
    return image_purl(facts.image) or f"image:{facts.image.ref}"


def _system(facts: Facts) -> list[dict[str, Any]]:
    system = facts.image.system
    if system is None:
        return []
    found: dict[str, Any] = {"bom-ref": "os", "type": "operating-system", "name": system.id or "unknown"}
    if system.version_id:
        found["version"] = system.version_id
    if system.name:
        found["description"] = system.name
    return [found]


def _references(packages: Sequence[PackageFacts]) -> tuple[str, ...]:
    """Return one reference per package: its purl, with its place where several packages share it."""
    shared = Counter(package.purl for package in packages)
    seen: Counter[str] = Counter()
    refs = []
    for package in packages:
        place = "!/".join(part for part in (package.path, package.inside) if part)
        ref = package.purl if shared[package.purl] == 1 else f"{package.purl}#{place}"
        seen[ref] += 1
        refs.append(ref if seen[ref] == 1 else f"{ref}#{seen[ref]}")
    return tuple(refs)


def _component(ref: str, package: PackageFacts) -> dict[str, Any]:
    group, name = _group(package)
    component: dict[str, Any] = {"bom-ref": ref, "type": "application" if package.is_main else "library"}
    if group:
        component["group"] = group
    component |= {"name": name, "version": package.version}
    if package.scope in _SCOPES:
        component["scope"] = _SCOPES[package.scope]
    if package.licence:
        component["licenses"] = [{"license": {"name": package.licence}}]
    component["purl"] = package.purl
    component["properties"] = _properties(package_pairs(package))
    if package.path:
        place = "!/".join(part for part in (package.path, package.inside) if part)
        component["evidence"] = {"occurrences": [{"location": place}]}
    return component


def _group(package: PackageFacts) -> tuple[str, str]:
    if package.type == "maven" and ":" in package.name:
        group, _, name = package.name.partition(":")
        return group, name
    if package.type == "npm" and package.name.startswith("@") and "/" in package.name:
        group, _, name = package.name.partition("/")
        return group, name
    return "", package.name


def _dependencies(facts: Facts, refs: Sequence[str]) -> list[dict[str, Any]]:
    by_purl: dict[str, list[str]] = {}
    for ref, package in zip(refs, facts.packages, strict=True):
        by_purl.setdefault(package.purl, []).append(ref)
    needed = {purl for package in facts.packages for purl in package.requires}
    roots = [ref for ref, package in zip(refs, facts.packages, strict=True) if package.purl not in needed]
    edges = [{"ref": _subject(facts), "dependsOn": roots}]
    for ref, package in zip(refs, facts.packages, strict=True):
        targets = sorted({target for purl in package.requires for target in by_purl.get(purl, ()) if target != ref})
        if targets:
            edges.append({"ref": ref, "dependsOn": targets})
    return edges


def _properties(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


RENDERER: Final = _CycloneDx()
