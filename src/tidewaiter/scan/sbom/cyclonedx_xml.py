"""CycloneDX in XML, versions 1.2 to 1.7 (ECMA-424)."""

import re
from typing import Final
from xml.etree import ElementTree as ET

from tidewaiter.scan.sbom.bom import Bom, Component
from tidewaiter.scan.sbom.error import SbomError
from tidewaiter.scan.sbom.json_document import SbomText

_NAMESPACE: Final = re.compile(r"\{http://cyclonedx\.org/schema/bom/(\d+\.\d+)\}bom")
_HEAD: Final = 4096
_SIZE: Final = 256 << 20
_DEPTH: Final = 50
_ADVICE: Final = "make the SBOM again, or give the whole file"


class CycloneDxXml:
    """Reads XML whose root is a `bom` of CycloneDX's namespace; document types and entities are refused."""

    id: Final = "cyclonedx-xml"

    def read(self, document: SbomText) -> Bom | None:
        """Return the document, None for anything else; raises SbomError."""
        data = document.data
        if b"cyclonedx.org/schema/bom/" not in data[:_HEAD] or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
            return None
        if len(data) > _SIZE:
            raise SbomError(f"the document has {len(data)} bytes, more than the {_SIZE} that are read")
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise SbomError("the document declares a document type or entities", "remove the declaration")
        try:
            root = ET.fromstring(data)  # noqa: S314 - neither document types nor entities get here
        except (ET.ParseError, ValueError, LookupError) as error:
            raise SbomError(f"the XML is malformed ({error})", _ADVICE) from error
        match = _NAMESPACE.fullmatch(root.tag)
        return None if match is None else _Reader(root.tag.removesuffix("bom")).bom(root, match[1])


class _Reader:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._problems: list[str] = []

    def bom(self, root: ET.Element, version: str) -> Bom:
        subject = root.find(f"{self._prefix}metadata/{self._prefix}component")
        components = tuple(self._components(root, 0))
        edges = {
            one.get("ref", ""): tuple(other.get("ref", "") for other in one.findall(f"{self._prefix}dependency"))
            for one in root.findall(f"{self._prefix}dependencies/{self._prefix}dependency")
        }
        return Bom(
            format=f"CycloneDX {version}",
            subject=self._component(subject) if subject is not None else None,
            components=components,
            edges=edges,
            problems=tuple(self._problems),
        )

    def _components(self, parent: ET.Element, depth: int) -> list[Component]:
        found: list[Component] = []
        for one in parent.findall(f"{self._prefix}components/{self._prefix}component"):
            found.append(self._component(one))
            if depth < _DEPTH:
                found += self._components(one, depth + 1)
            else:
                self._problems.append(f"components are nested deeper than {_DEPTH}")
        return found

    def _component(self, one: ET.Element) -> Component:
        p = self._prefix
        properties = {pair.get("name", ""): pair.text or "" for pair in one.findall(f"{p}properties/{p}property")}
        return Component(
            ref=one.get("bom-ref", ""),
            kind=one.get("type", "library"),
            name=self._text(one, "name"),
            version=self._text(one, "version"),
            group=self._text(one, "group"),
            purl=self._text(one, "purl"),
            cpe=self._text(one, "cpe"),
            licence=self._licence(one),
            scope=self._text(one, "scope"),
            path=(one.findtext(f"{p}evidence/{p}occurrences/{p}occurrence/{p}location") or "").strip(),
            properties=properties,
        )

    def _licence(self, one: ET.Element) -> str:
        p = self._prefix
        found = [entry.text or "" for entry in one.findall(f"{p}licenses/{p}expression")]
        found += [
            entry.findtext(f"{p}id") or entry.findtext(f"{p}name") or ""
            for entry in one.findall(f"{p}licenses/{p}license")
        ]
        return " AND ".join(name for name in found if name)

    def _text(self, one: ET.Element, name: str) -> str:
        return (one.findtext(f"{self._prefix}{name}") or "").strip()


FORMAT: Final = CycloneDxXml()
