"""The native JSON of Syft (anchore/syft: schema/json)."""

from typing import Any, Final

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.sbom.bom import Bom, Component
from tidewaiter.scan.sbom.json_document import SbomText, objects

_DEPENDS: Final = "dependency-of"


class Syft:
    """Reads documents that Syft describes as its own."""

    id: Final = "syft"

    def read(self, document: SbomText) -> Bom | None:
        """Return the document, None for anything else; raises SbomError."""
        value = document.value
        if value is None or text(mapping(value.get("descriptor")).get("name")) != "syft":
            return None
        if not isinstance(value.get("artifacts"), list):
            return None
        return _bom(value)


def _bom(value: dict[str, Any]) -> Bom:
    artifacts = value["artifacts"]
    components = [_component(one) for one in objects(artifacts)]
    lost = len(artifacts) - len(components)
    system = mapping(value.get("distro"))
    if text(system.get("id")):
        components.append(
            Component(kind="operating-system", name=text(system.get("id")), version=text(system.get("versionID")))
        )
    edges: dict[str, list[str]] = {}
    for one in objects(value.get("artifactRelationships")):
        if text(one.get("type")) == _DEPENDS:
            edges.setdefault(text(one.get("child")), []).append(text(one.get("parent")))
    return Bom(
        format="syft JSON",
        subject=_subject(mapping(value.get("source"))),
        components=tuple(components),
        edges={ref: tuple(targets) for ref, targets in edges.items() if ref},
        problems=(f"{lost} artifacts are no objects",) if lost else (),
    )


def _subject(source: dict[str, Any]) -> Component | None:
    if not source:
        return None
    about = mapping(source.get("metadata")) or mapping(source.get("target"))
    is_image = text(source.get("type")) == "image"
    return Component(
        kind="container" if is_image else "application",
        name=text(about.get("userInput")) or text(source.get("name")),
        version=text(about.get("manifestDigest")),
    )


def _component(value: dict[str, Any]) -> Component:
    places = [text(one.get("path")) for one in objects(value.get("locations"))]
    metadata = mapping(value.get("metadata"))
    properties = {
        f"syft:metadata:{key}": str(one)
        for key, one in metadata.items()
        if isinstance(one, str | int) and not isinstance(one, bool)
    }
    licences = [text(one.get("value")) for one in objects(value.get("licenses"))]
    return Component(
        ref=text(value.get("id")),
        name=text(value.get("name")),
        version=text(value.get("version")),
        purl=text(value.get("purl")),
        licence=" AND ".join(one for one in licences if one),
        path=next((one for one in places if one), "").lstrip("/"),
        properties=properties,
    )


FORMAT: Final = Syft()
