"""Vercel tokens since their prefixes (vercel.com/docs: tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="vercel-token",
    title="Vercel token",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"vcp_", b"vci_", b"vca_", b"vcr_", b"vck_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>(?:vcp_|vci_|vca_|vcr_|vck_)[A-Za-z0-9]{56})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
