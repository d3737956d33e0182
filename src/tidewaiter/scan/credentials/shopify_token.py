"""Shopify app, custom app and shared secrets (shopify.dev: authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="shopify-token",
    title="Shopify access token",
    tags=frozenset({"vendor", "shop"}),
    keywords=(b"shpat_", b"shpca_", b"shppa_", b"shpss_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_])(?P<token>shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32})(?![A-Za-z0-9])"),
    before=1,
    after=256,
)
