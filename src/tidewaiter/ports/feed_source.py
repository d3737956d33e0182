"""Documents from elsewhere: which feeds there are, and bringing one here."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec


class FeedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a feed, with everywhere it can be had."""

    feed: str
    """Name in the list of feeds."""
    urls: tuple[str, ...]
    """Tried in order: mirrors first when there are any."""
    checksum: str = ""
    """Address of a text that begins with the SHA-256, in hex; empty when the feed gives none."""
    index: str = ""
    """How the address leads to the document: empty (it is the document), `repomd`, `latest` (a text names it)."""
    size: int = 0
    """Most bytes that are taken; 0 for the general bound."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A document that lies here now."""

    address: FeedAddress
    path: Path
    sha256: str
    is_new: bool
    """False when what lay here already is still what the server has."""
    stale: str = ""
    """Why an older copy had to do; empty when the server answered."""


class FetchError(Exception):
    """A document that could not be brought here; the reason in one clause without final stop."""


class FeedSource(Protocol):
    """Brings documents here."""

    def fetch(self, address: FeedAddress, progress: Callable[[str], None] | None = None) -> Fetched:
        """Return the document; FetchError when neither the server nor an earlier copy gives it."""
        ...
