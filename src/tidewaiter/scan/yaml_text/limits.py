"""Bounds that keep a hostile document from costing more than its length suggests."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one file may cost; every bound that is hit becomes an error that names it."""

    size: int = 16 * 1024 * 1024
    """Bytes of one file."""
    depth: int = 200
    """Nested collections, aliases followed."""
    nodes: int = 1_000_000
    """Scalars and collections of one document as written."""
    aliased: int = 100_000
    """Nodes that aliases and merge keys repeat, together, in one document."""
    documents: int = 10_000
    """Documents of one file."""


DEFAULT_LIMITS = Limits()
