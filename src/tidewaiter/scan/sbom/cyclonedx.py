"""CycloneDX in JSON, versions 1.2 to 1.7 (ECMA-424)."""

from collections.abc import Iterator
from typing import Any, Final

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.sbom.bom import Bom, Component
from tidewaiter.scan.sbom.json_document import SbomText, objects

_DEPTH: Final = 50
"""Components within components that are followed."""


class CycloneDx:
    """Reads JSON documents whose `bomFormat` is CycloneDX."""

    id: Final = "cyclonedx"

    def read(self, document: SbomText) -> Bom | None:
        """Return the document, None for anything else; raises SbomError."""
        value = document.value
        return None if value is None or value.get("bomFormat") != "CycloneDX" else bom_of(value)


def bom_of(value: dict[str, Any]) -> Bom:
    """Return the document of a decoded value; parts of another shape than the standard's are left out and told."""
    problems: list[str] = []
    components = tuple(_components(value.get("components"), problems, 0))
    subject = mapping(mapping(value.get("metadata")).get("component"))
    edges = {
        text(one.get("ref")): tuple(target for target in _list(one.get("dependsOn")) if isinstance(target, str))
        for one in objects(value.get("dependencies"))
    }
    return Bom(
        format=f"CycloneDX {text(value.get('specVersion'))}".strip(),
        subject=_component(subject) if subject else None,
        components=components,
        edges={ref: targets for ref, targets in edges.items() if ref},
        problems=tuple(problems),
    )


def _components(value: Any, problems: list[str], depth: int) -> Iterator[Component]:
    if value is not None and not isinstance(value, list):
        problems.append("`components` is no list")
    for place, one in enumerate(_list(value)):
        if not isinstance(one, dict):
            problems.append(f"component {place} is no object")
            continue
        yield _component(one)
        if one.get("components"):
            if depth < _DEPTH:
                yield from _components(one["components"], problems, depth + 1)
            else:
                problems.append(f"components are nested deeper than {_DEPTH}")


def _component(value: dict[str, Any]) -> Component:
    properties = {text(one.get("name")): text(one.get("value")) for one in objects(value.get("properties"))}
    occurrences = [text(one.get("location")) for one in objects(mapping(value.get("evidence")).get("occurrences"))]
    return Component(
        ref=text(value.get("bom-ref")),
        kind=text(value.get("type")) or "library",
        name=text(value.get("name")),
        version=text(value.get("version")),
        group=text(value.get("group")),
        purl=text(value.get("purl")),
        cpe=text(value.get("cpe")),
        licence=_licence(value.get("licenses")),
        scope=text(value.get("scope")),
        path=next((one for one in occurrences if one), ""),
        properties=properties,
    )


def _licence(value: Any) -> str:
    found = []
    for one in objects(value):
        licence = mapping(one.get("license"))
        found.append(text(one.get("expression")) or text(licence.get("id")) or text(licence.get("name")))
    return " AND ".join(name for name in found if name)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


FORMAT: Final = CycloneDx()
