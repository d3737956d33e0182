"""Registries: what is asked of one, and the error that its callers handle."""

import msgspec

from tidewaiter.ports.images import ImageError


class RegistryError(ImageError):
    """A registry gave no answer that can be used; `status` is the HTTP status, 0 when there was none."""

    def __init__(self, message: str, advice: str = "", *, status: int = 0) -> None:
        """Keep sentence, advice and status."""
        super().__init__(message, advice)
        self.status = status


class Descriptor(msgspec.Struct, frozen=True, kw_only=True):
    """What one document says about another (OCI image-spec: descriptor.md)."""

    digest: str
    size: int = 0
    media_type: str = ""
    artifact_type: str = ""
    platform: str = ""
    """`linux/arm64/v8`; empty when none is stated."""
    annotations: tuple[tuple[str, str], ...] = ()
    urls: tuple[str, ...] = ()
    """Other places where the content can be had."""


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """Operating system and processor that an image is made for."""

    os: str = "linux"
    architecture: str = "amd64"
    variant: str = ""
    """`v7`, `v8`; empty takes what is usual for the architecture."""

    def __str__(self) -> str:
        """Write `os/arch[/variant]`."""
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


def parse_platform(text: str) -> Platform:
    """Return the platform that `os/arch[/variant]` or a bare architecture means; raises ImageError otherwise."""
    parts = text.strip().lower().split("/")
    if len(parts) == 1:
        parts = ["linux", *parts]
    if len(parts) > 3 or not all(part and part.replace("-", "").replace(".", "").isalnum() for part in parts):
        raise ImageError(f"`{text}` is not a platform", "write os/arch[/variant], such as linux/arm64 or linux/arm/v7")
    names = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "i386": "386"}
    parts[1] = names.get(parts[1], parts[1])
    return Platform(os=parts[0], architecture=parts[1], variant=parts[2] if len(parts) > 2 else "")
