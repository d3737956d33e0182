"""What somebody says about a vulnerability in a product: one shape for VEX of every form and for ignore files."""

from typing import Literal

import msgspec

VexStatus = Literal["not_affected", "affected", "fixed", "under_investigation"]


class Product(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One product, under all names that a document gives it, and the parts of it that a statement is limited to."""

    names: tuple[str, ...]
    """Package URLs, image references, `repository@sha256:…`, as written."""
    parts: tuple[str, ...] | None = None
    """Package URLs of subcomponents; None covers everything in the product, an empty tuple covers nothing."""


class VexStatement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One statement; equal whatever document form it came in."""

    ids: tuple[str, ...]
    """The vulnerability's name and its aliases."""
    products: tuple[Product, ...] | None
    """None speaks about every product, as ignore files do."""
    status: VexStatus
    justification: str = ""
    """OpenVEX's word where the form has one."""
    reason: str = ""
    """Impact statement or reason in prose."""
    action: str = ""
    author: str = ""
    time: str = ""
    """RFC 3339; the latest matching statement is believed."""
    expires: str = ""
    """RFC 3339 date or time from which it no longer holds; empty for never."""
    paths: tuple[str, ...] = ()
    """Globs of files; empty for every place."""
    packages: tuple[str, ...] = ()
    """Names, with a version as `name@1`, of packages that it is limited to besides products; empty for every one."""
    source: str = ""
    """The document, as people name it."""
