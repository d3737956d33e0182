"""What the readers of archive layouts need: named files, wherever they lie, and the description they give back."""

from typing import Any, Final, Protocol

import msgspec

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image.store import StoredLayer
from tidewaiter.scan.json_text import SIZE, mapping

_MOST_ANNOTATIONS: Final = 1_000
_DEFAULT_REGISTRIES: Final = ("docker.io/library/", "docker.io/", "index.docker.io/library/", "localhost/")


class ImageFormatError(Exception):
    """The files are not an image, or not one image: what is wrong, and what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep the sentence and the advice; both without final stop."""
        super().__init__(message)
        self.message = message
        self.advice = advice


class ArchiveFiles(Protocol):
    """Files of an archive or a folder by their path from its root; links are followed inside it."""

    def size(self, name: str) -> int | None:
        """Return the bytes of a file, None when it is not there."""
        ...

    def read(self, name: str, limit: int) -> bytes:
        """Return at most `limit` bytes of a file that is there. May raise OSError."""
        ...


class ImageDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One image as its archive describes it."""

    tags: tuple[str, ...] = ()
    digest: str = ""
    config: bytes = b""
    annotations: tuple[tuple[str, str], ...] = ()
    """Of the manifest, sorted by name."""
    layers: tuple[StoredLayer, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


def read_small(files: ArchiveFiles, name: str) -> bytes | None:
    """Return a file of JSON, None when it is not there; one byte above the bound is read, so that it is noticed."""
    return None if files.size(name) is None else files.read(name, SIZE + 1)


def annotations_of(body: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the annotations of a manifest, sorted by name, at most 1,000; what is no text is left out."""
    found = mapping(body.get("annotations"))
    return tuple(sorted((name, one) for name, one in found.items() if isinstance(one, str)))[:_MOST_ANNOTATIONS]


def same_image(asked: str, tag: str) -> bool:
    """Return whether two names mean the same image: Docker Hub's prefixes and `:latest` may be left out."""
    return _plain(asked) == _plain(tag)


def _plain(name: str) -> str:
    for prefix in _DEFAULT_REGISTRIES:
        if name.startswith(prefix):
            name = name.removeprefix(prefix)
            break
    return name if ":" in name.rpartition("/")[2] or "@" in name else f"{name}:latest"
