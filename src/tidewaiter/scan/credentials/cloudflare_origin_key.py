"""Cloudflare origin CA keys (developers.cloudflare.com: origin CA keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="cloudflare-origin-key",
    title="Cloudflare origin CA key",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"v1.0-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>v1\.0-[a-f0-9]{24}-[a-f0-9]{146})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
