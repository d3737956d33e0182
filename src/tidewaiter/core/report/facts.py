"""The facts of one scanned image or folder, as `scan --format json` writes them (decision 3b)."""

from collections.abc import Sequence

import msgspec

from tidewaiter.core.model.image import Credential, Image, Tool
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.vulnerability import Vulnerability


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the image says of itself."""

    ref: str
    digest: str
    os: str
    """Name and version of the operating system, empty when none was found."""
    created: str
    user: str
    kind: str = "image"


class LayerFacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One layer, bottom first."""

    index: int
    diff_id: str
    digest: str
    size: int
    """Bytes as stored."""
    created_by: str
    origin: str


class PackageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One installed or locked package."""

    purl: str
    name: str
    version: str
    type: str
    source: str
    layer: int | None
    path: str


class VulnerabilityFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One vulnerability of one package; `suppressed` tells why it is not counted."""

    id: str
    aliases: tuple[str, ...]
    purl: str
    installed: str
    fixed: str | None
    severity: str
    cvss: float | None
    epss: float | None
    kev: bool
    status: str
    layer: int | None
    path: str
    suppressed: str
    package: str = ""
    source: str = ""
    """Source package: the unit that is upgraded."""
    title: str = ""
    match: str = ""


class CredentialFacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One leaked secret, never the secret itself."""

    rule: str
    title: str
    layer: int | None
    path: str
    line: int | None
    redacted: str
    source: str
    deleted_later: bool


class ToolFact(msgspec.Struct, frozen=True, kw_only=True):
    """One executable that helps an attacker."""

    name: str
    kind: str
    layer: int | None
    path: str
    package: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All facts of one image or root filesystem."""

    image: ImageFacts
    layers: tuple[LayerFacts, ...]
    packages: tuple[PackageFacts, ...]
    vulnerabilities: tuple[VulnerabilityFacts, ...]
    credentials: tuple[CredentialFacts, ...]
    tools: tuple[ToolFact, ...]


def facts_of(image: Image, vulnerabilities: Sequence[Vulnerability]) -> Facts:
    """Return the facts of one image in the order in which people and diffs read them best."""
    config = image.config
    return Facts(
        image=ImageFacts(
            ref=image.ref,
            digest=image.digest,
            os=" ".join(part for part in (image.os.id, image.os.version_id) if part) if image.os else "",
            created=config.created if config else "",
            user=config.user if config else "",
            kind=image.kind,
        ),
        layers=tuple(
            LayerFacts(
                index=layer.index,
                diff_id=layer.diff_id,
                digest=layer.digest,
                size=layer.size,
                created_by=layer.created_by,
                origin=layer.origin,
            )
            for layer in image.layers
        ),
        packages=tuple(
            sorted(map(_package, image.packages), key=lambda fact: (fact.type, fact.name, fact.purl, fact.path))
        ),
        vulnerabilities=tuple(
            sorted(map(_vulnerability, vulnerabilities), key=lambda fact: (fact.purl, fact.id, fact.path))
        ),
        credentials=tuple(map(_credential, image.credentials)),
        tools=tuple(sorted(map(_tool, image.tools), key=lambda fact: (fact.kind, fact.name, fact.path))),
    )


def _package(package: Package) -> PackageFacts:
    place = package.location
    return PackageFacts(
        purl=package.purl,
        name=package.name,
        version=package.version,
        type=package.type,
        source=package.source[0],
        layer=place.layer if place else None,
        path=(place.file if place else "") or "",
    )


def _vulnerability(found: Vulnerability) -> VulnerabilityFacts:
    place = found.package.location
    return VulnerabilityFacts(
        id=found.id,
        aliases=found.aliases,
        purl=found.package.purl,
        installed=found.package.version,
        fixed=found.fixed,
        severity=found.severity.value,
        cvss=found.cvss,
        epss=found.epss,
        kev=found.kev,
        status=found.status.value,
        layer=place.layer if place else None,
        path=(place.file if place else "") or "",
        suppressed=found.suppressed,
        package=found.package.name,
        source=found.package.source[0],
        title=found.title,
        match=found.match,
    )


def _credential(credential: Credential) -> CredentialFacts:
    return CredentialFacts(
        rule=credential.rule,
        title=credential.title,
        layer=credential.location.layer,
        path=credential.location.file or "",
        line=credential.location.line,
        redacted=credential.redacted,
        source=credential.source,
        deleted_later=credential.deleted_later,
    )


def _tool(tool: Tool) -> ToolFact:
    return ToolFact(
        name=tool.name,
        kind=tool.kind,
        layer=tool.location.layer,
        path=tool.location.file or "",
        package=tool.package,
    )
