"""What the scanner needs from a place that holds an image; adapters implement it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

import msgspec

from tidewaiter.core.model.verdict import Unknown

Kind = Literal["file", "folder", "symlink", "hardlink", "sparse", "other"]


class StoredLayer(msgspec.Struct, frozen=True, kw_only=True):
    """One layer as the store names it."""

    index: int
    name: str
    """Where it lies in the store: `blobs/sha256/…`, `<id>/layer.tar`."""
    digest: str = ""
    """Digest of the stored bytes, when the store gives one."""
    size: int = 0
    """Stored bytes."""
    stated_size: int | None = None
    """What the manifest says, when that differs from `size`."""
    missing: str = ""
    """Why it cannot be opened; empty when it can."""


class ByteStream(Protocol):
    """A forward-only stream of stored bytes. Reading may raise OSError."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, empty only at the end."""
        ...

    def skip(self, size: int, /) -> int:
        """Pass over up to `size` bytes without reading them; return how many were passed, less only at the end."""
        ...


class Entry(NamedTuple):
    """One member of a layer or of a folder."""

    path: str
    """Relative to the root, `/` separated, without leading `./`."""
    kind: Kind
    mode: int
    size: int
    link: str
    """Target of a symlink as written, or of a hard link as a path from the root."""
    offset: int
    """Uncompressed offset of its header; 0 in a folder."""


class Entries(Protocol):
    """Walks members one after the other; the body of the present member can be asked for before the next one."""

    def __iter__(self) -> Iterator[Entry]: ...

    def starts_binary(self) -> bool:
        """Return whether a NUL is among the first 8 KiB of the present body."""
        ...

    def peek(self, size: int) -> bytes:
        """Return the first bytes of the present body, fewer when it is shorter, without taking them."""
        ...

    def body(self, head: int, tail: int = 0) -> bytes | memoryview:
        """Return the present body, or its first `head` and last `tail` bytes when it is longer; call it once."""
        ...

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Return what was passed over so far: names that escape, paths too long."""
        ...


class DescribedStore(Protocol):
    """What both kinds of store say of themselves."""

    @property
    def source(self) -> str:
        """Return the place as people name it: the path of the archive."""
        ...

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the names that the archive gives the image."""
        ...

    @property
    def digest(self) -> str:
        """Return the manifest's digest, or the config's where there is no manifest."""
        ...

    @property
    def config(self) -> bytes:
        """Return the image configuration as stored; empty for a folder."""
        ...

    @property
    def annotations(self) -> tuple[tuple[str, str], ...]:
        """Return the annotations of the manifest, sorted by name."""
        ...

    @property
    def layers(self) -> tuple[StoredLayer, ...]:
        """Return the layers, bottom first; a folder is one."""
        ...

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Return what went wrong while the image was found: digests that differ, sizes that differ."""
        ...


class LayeredStore(DescribedStore, Protocol):
    """One image; the platform is chosen already."""

    @property
    def kind(self) -> Literal["image"]:
        """Return that it is an image with a configuration."""
        ...

    def open(self, layer: StoredLayer) -> AbstractContextManager[ByteStream]:
        """Open the stored bytes of a layer from their start; may be called again."""
        ...


class FolderStore(DescribedStore, Protocol):
    """One folder seen as an image of one layer."""

    @property
    def kind(self) -> Literal["filesystem"]:
        """Return that it is a folder."""
        ...

    def walk(self) -> AbstractContextManager[Entries]:
        """Walk the folder."""
        ...


ImageStore = LayeredStore | FolderStore
