"""Netlify personal access tokens (docs.netlify.com: authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="netlify-token",
    title="Netlify token",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"nfp_", b"nfc_", b"nfo_", b"nfu_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>(?:nfp_|nfc_|nfo_|nfu_)[A-Za-z0-9_]{36})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
