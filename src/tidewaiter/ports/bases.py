"""The index of base images: which references stand for which stack of layers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec


class KnownBase(msgspec.Struct, frozen=True, kw_only=True, order=True, omit_defaults=True):
    """One reference of a base image and the layers that it stood for when it was seen."""

    name: str
    """`docker.io/library/debian:12`, or whatever name it was added under."""
    chain_id: str
    """ChainID of its top layer (OCI image-spec: config.md)."""
    layers: int
    digest: str = ""
    """Digest of the manifest, or of the configuration where there was no manifest."""
    created: str = ""
    """When it was built, as its configuration says (RFC 3339)."""
    seen: str = ""
    """When it was added (RFC 3339)."""


class BaseIndexError(Exception):
    """The index, or a file to import into it, cannot be used; `advice` says what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep the message as the exception's text and the advice beside it."""
        super().__init__(message)
        self.advice = advice


class BaseIndex(Protocol):
    """Looks base images up by the ChainIDs of an image's layers."""

    def find(self, chain_ids: Sequence[str]) -> Mapping[str, tuple[KnownBase, ...]]:
        """Return the known bases of those ChainIDs that have any, newest first; raises BaseIndexError."""
        ...


class BaseRegister(BaseIndex, Protocol):
    """The index as its keeper sees it."""

    def add(self, bases: Iterable[KnownBase]) -> int:
        """Keep bases, each name and ChainID once, and return how many were new; raises BaseIndexError."""
        ...

    def all(self) -> tuple[KnownBase, ...]:
        """Return every known base, by name; raises BaseIndexError."""
        ...


class NoBases:
    """An index that knows nothing."""

    def find(self, chain_ids: Sequence[str]) -> Mapping[str, tuple[KnownBase, ...]]:
        """Return nothing."""
        del chain_ids
        return {}
