"""The facts of one scanned image or folder, as `scan --format json` writes them (decision 3b)."""

import msgspec

from tidewaiter.core.model.package import OperatingSystem


class BaseFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """The image that this one was built on."""

    names: tuple[str, ...]
    source: str
    """`layers` is proof, `annotation` and `dockerfile` are statements, `history` is a guess."""
    digest: str = ""
    chain_id: str = ""
    layers: int | None = None


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """What the image says of itself."""

    ref: str
    digest: str
    os: str
    """Name and version of the operating system, empty when none was found."""
    created: str
    user: str
    kind: str
    tags: tuple[str, ...] = ()
    source: str = ""
    """Where it was read from, as given by the user."""
    architecture: str = ""
    system: OperatingSystem | None = None
    """The operating system in full, as matching needs it."""
    end_of_life: str = ""
    """Last day of fixes for everybody, `YYYY-MM-DD`; empty when not known."""
    extended_support: str = ""
    """Last day of fixes that need a subscription."""
    base: BaseFacts | None = None


class LayerFacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One layer, bottom first."""

    index: int
    diff_id: str
    digest: str
    size: int
    """Bytes as stored."""
    created_by: str
    origin: str


class PackageFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """One installed or locked package, with all that matching reads."""

    purl: str
    name: str
    version: str
    type: str
    source: str
    """Source package."""
    layer: int | None
    path: str
    origin: str = "unknown"
    """`base` or `own`: which part of the image brought it."""
    source_version: str = ""
    arch: str = ""
    namespace: str = ""
    distro: str = ""
    maintainer: str = ""
    licence: str = ""
    module: str = ""
    repository: str = ""
    owner: str = ""
    inside: str = ""
    is_main: bool = False
    is_guess: bool = False
    found: str = "installed"
    scope: str = "unknown"
    direct: bool | None = None
    requires: tuple[str, ...] = ()


class VulnerabilityFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
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
    package: str
    source: str
    """Source package: the unit that is upgraded."""
    title: str
    match: str
    origin: str = "unknown"
    inside: str = ""
    severity_source: str = ""
    kind: str = "vulnerability"
    cvss_vector: str = ""
    classes: tuple[str, ...] = ()
    """What kind of defect it is, and the traits that say what helps (docs/vulnerability-classes.md)."""
    cwes: tuple[str, ...] = ()
    epss_percentile: float | None = None
    kev_due: str = ""
    kev_ransomware: bool = False
    published: str = ""
    feed: str = ""
    fix_needs: str = ""


class CredentialFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """One leaked secret, never the secret itself."""

    rule: str
    title: str
    layer: int | None
    path: str
    line: int | None
    redacted: str
    source: str
    deleted_later: bool
    verified: bool = False


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
