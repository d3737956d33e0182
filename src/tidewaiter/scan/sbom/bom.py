"""What every SBOM format comes down to: a subject, components, and who needs whom."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from tidewaiter.scan.sbom.json_document import SbomText


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One component as its document describes it; absent texts are empty."""

    ref: str = ""
    """Its name within the document: `bom-ref`, `SPDXID`."""
    kind: str = "library"
    """CycloneDX's word: `library`, `application`, `container`, `operating-system`, `file`, ..."""
    name: str = ""
    version: str = ""
    group: str = ""
    purl: str = ""
    cpe: str = ""
    licence: str = ""
    scope: str = ""
    """CycloneDX's word: `required`, `optional`, `excluded`."""
    path: str = ""
    """Where the document says it was found."""
    properties: Mapping[str, str] = {}


class Bom(msgspec.Struct, frozen=True, kw_only=True):
    """One document."""

    format: str
    """`CycloneDX 1.6`."""
    subject: Component | None = None
    """What the document is about."""
    components: tuple[Component, ...] = ()
    edges: Mapping[str, tuple[str, ...]] = {}
    """Reference -> references that it depends on directly."""
    problems: tuple[str, ...] = ()
    """Parts that could not be read, as clauses without final stop."""


class SbomFormat(Protocol):
    """A member of the family: recognises its documents and reads them."""

    @property
    def id(self) -> str:
        """Return the kebab-case id, equal to the file name with `-` for `_`."""
        ...

    def read(self, document: SbomText, /) -> Bom | None:
        """Return the document, None when it is in another format; raises SbomError when it is damaged."""
        ...
