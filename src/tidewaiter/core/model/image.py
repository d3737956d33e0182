"""A container image as facts: what it is made of, how it starts, what lies in it (OCI image-spec)."""

from typing import Literal

import msgspec

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.verdict import Unknown

Confidence = Literal["exact", "normalised", "aligned", "unknown"]


class Layer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One filesystem layer, bottom first."""

    index: int
    diff_id: str
    digest: str = ""
    size: int = 0
    """Bytes as stored."""
    created_by: str = ""
    """The build instruction from the image's history; empty when the history cannot be aligned."""
    created: str = ""
    origin: Literal["base", "own", "unknown"] = "unknown"
    instruction: Location | None = None
    """The Dockerfile line that made it, when a Dockerfile was bound to the image."""
    confidence: Confidence = "unknown"


class Tool(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An executable that helps an attacker and that production images rarely need."""

    name: str
    kind: Literal["shell", "package-manager", "network-client", "compiler", "debugger"]
    location: Location
    package: str = ""
    """The OS package that brought it, when known."""


class Credential(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A leaked secret; the secret itself is never kept, only enough to find it again."""

    rule: str
    """Kebab-case id of the token format."""
    title: str
    location: Location
    redacted: str
    """First 4 characters, length and the first 8 hex digits of the SHA-256."""
    source: Literal["file", "env", "history", "label", "command", "build-arg"] = "file"
    deleted_later: bool = False
    """True when a higher layer removes the file: gone from the container, still in every pull."""
    verified: bool = False
    """True when the token's own checksum is right."""


class NotableFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file whose mode or kind matters for security."""

    kind: Literal["setuid", "setgid", "world-writable"]
    location: Location
    mode: int = 0


class ImageConfig(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The runtime part of the image configuration (OCI image-spec: config.md)."""

    user: str = ""
    """As written: name, uid, `user:group`; empty means root."""
    uid: int | None = None
    """The user resolved in the image's own etc/passwd; None when it cannot be resolved."""
    env: tuple[tuple[str, str], ...] = ()
    exposed_ports: tuple[str, ...] = ()
    """`8080/tcp`."""
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    working_dir: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    has_healthcheck: bool = False
    created: str = ""
    architecture: str = ""
    os: str = ""

    @property
    def is_root(self) -> bool:
        """True when the container starts as uid 0 unless the manifest says otherwise."""
        if self.uid is not None:
            return self.uid == 0
        return self.user.split(":", 1)[0] in {"", "0", "root"}


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the image's build history."""

    created_by: str = ""
    created: str = ""
    empty_layer: bool = False
    layer: int | None = None
    """Index of the layer it made, when the history can be aligned."""
    instruction: Location | None = None
    confidence: Confidence = "unknown"


class BaseImage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The image that this one was built on, and how that is known."""

    names: tuple[str, ...] = ()
    """All references known for it, the most useful first."""
    digest: str = ""
    """Digest of its manifest; empty when not known."""
    chain_id: str = ""
    """ChainID of its layers (OCI image-spec: config.md); empty unless found by layers."""
    layers: int | None = None
    """How many of the lowest layers are its own; None when not known."""
    source: Literal["layers", "annotation", "dockerfile", "history"] = "layers"
    """`layers` is proof, `annotation` and `dockerfile` are statements, `history` is a guess."""


class Image(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All facts of one image (or of a root filesystem given as `fs:`)."""

    ref: str
    """The name people use: the bound name, else the first tag, else the path."""
    tags: tuple[str, ...] = ()
    digest: str = ""
    """Digest of the manifest, or of the config where the source holds no manifest."""
    source: str = ""
    """Where it was read from, as given by the user."""
    kind: Literal["image", "filesystem"] = "image"
    config: ImageConfig | None = None
    history: tuple[HistoryEntry, ...] = ()
    layers: tuple[Layer, ...] = ()
    os: OperatingSystem | None = None
    packages: tuple[Package, ...] = ()
    tools: tuple[Tool, ...] = ()
    credentials: tuple[Credential, ...] = ()
    files: tuple[NotableFile, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    """Annotations of the manifest."""
    base: BaseImage | None = None
    unknowns: tuple[Unknown, ...] = ()
