"""SPDX as tag-value text, versions 2.2 and 2.3 (SPDX specification, annex on tag-value)."""

from collections.abc import Iterator
from typing import Final

from tidewaiter.scan.sbom.bom import Bom, Component
from tidewaiter.scan.sbom.error import SbomError
from tidewaiter.scan.sbom.json_document import SbomText
from tidewaiter.scan.sbom.spdx import assembled, built_from, pairs_of

_HEAD: Final = 4096
_SIZE: Final = 256 << 20
_MOST: Final = 2_000_000
_OPEN, _CLOSE = "<text>", "</text>"
_PURPOSES: Final = {"CONTAINER": "container", "APPLICATION": "application", "OPERATING-SYSTEM": "operating-system"}


class SpdxTagValue:
    """Reads texts with a line `SPDXVersion:` near their beginning."""

    id: Final = "spdx-tag-value"

    def read(self, document: SbomText) -> Bom | None:
        """Return the document, None for anything else; raises SbomError."""
        data = document.data
        head = data[:_HEAD]
        if b"SPDXVersion:" not in head or head.lstrip()[:1] in {b"{", b"<"}:
            return None
        if len(data) > _SIZE:
            raise SbomError(f"the document has {len(data)} bytes, more than the {_SIZE} that are read")
        return _Document().read(data.decode("utf-8", "replace"))


class _Document:
    def __init__(self) -> None:
        self.version = ""
        self.components: list[Component] = []
        self.relations: list[tuple[str, str, str]] = []
        self.problems: list[str] = []
        self._fields: dict[str, str] = {}
        self._comments: dict[str, list[str]] = {}
        self._refs: list[tuple[str, str]] = []
        self._annotated = ""
        self._waiting = ""

    def read(self, text: str) -> Bom:
        for tag, value in _pairs(text, self.problems):
            self._take(tag, value)
        self._finish()
        components = [self._with_comments(one) for one in self.components]
        return assembled(self.version, components, self.relations, (), self.problems)

    def _take(self, tag: str, value: str) -> None:
        if tag == "SPDXVersion":
            self.version = value.replace("SPDX-", "")
        elif tag == "PackageName":
            self._finish()
            self._fields = {tag: value}
        elif tag == "Relationship":
            parts = value.split()
            if len(parts) == 3:
                self.relations.append((parts[0], parts[1], parts[2]))
        elif tag == "ExternalRef":
            parts = value.split(None, 2)
            if len(parts) == 3:
                self._refs.append((parts[1], parts[2]))
        elif tag in {"SPDXREF", "AnnotationComment"}:
            self._annotate(tag, value)
        elif tag in {"FileName", "SnippetSPDXID", "LicenseID"}:
            self._finish()
        elif self._fields:
            self._fields.setdefault(tag, value)

    def _annotate(self, tag: str, value: str) -> None:
        """Join an annotation with its element, whichever of the two lines comes first."""
        if tag == "SPDXREF":
            self._annotated = value
            if self._waiting:
                self._comments.setdefault(value, []).append(self._waiting)
                self._waiting = self._annotated = ""
        elif self._annotated:
            self._comments.setdefault(self._annotated, []).append(value)
            self._annotated = ""
        else:
            self._waiting = value

    def _finish(self) -> None:
        if self._fields:
            fields = self._fields
            declared = fields.get("PackageLicenseDeclared", "")
            self.components.append(
                Component(
                    ref=fields.get("SPDXID", ""),
                    kind=_PURPOSES.get(fields.get("PrimaryPackagePurpose", ""), "library"),
                    name=fields["PackageName"],
                    version=fields.get("PackageVersion", ""),
                    purl=next((locator for kind, locator in self._refs if kind == "purl"), ""),
                    licence="" if declared in {"NOASSERTION", "NONE"} else declared,
                    path=_place(fields.get("PackageSourceInfo", "")),
                    properties=built_from(fields.get("PackageSourceInfo", "")),
                )
            )
        self._fields, self._refs = {}, []

    def _with_comments(self, component: Component) -> Component:
        comments = self._comments.get(component.ref)
        if not comments:
            return component
        return Component(
            ref=component.ref,
            kind=component.kind,
            name=component.name,
            version=component.version,
            purl=component.purl,
            licence=component.licence,
            path=component.path,
            properties={**pairs_of(comments), **component.properties},
        )


def _place(source: str) -> str:
    return source.removeprefix("found in ") if source.startswith("found in ") else ""


def _pairs(text: str, problems: list[str]) -> Iterator[tuple[str, str]]:
    """Yield tags and values; a value in `<text>` may go over many lines, comments begin with `#`."""
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if number > _MOST:
            problems.append(f"the document has more than {_MOST} lines")
            return
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        tag, colon, value = line.partition(":")
        if not colon:
            problems.append(f"line {number} is no `Tag: value`")
            continue
        value = value.strip()
        if value.startswith(_OPEN):
            parts = [value.removeprefix(_OPEN)]
            while _CLOSE not in parts[-1]:
                try:
                    parts.append(next(lines)[1])
                except StopIteration:
                    problems.append(f"the text that begins on line {number} does not end")
                    return
            value = "\n".join(parts).partition(_CLOSE)[0]
        yield tag.strip(), value


FORMAT: Final = SpdxTagValue()
