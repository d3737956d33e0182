"""Dropbox access tokens (developers.dropbox.com: OAuth guide)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="dropbox-token",
    title="Dropbox access token",
    tags=frozenset({"vendor"}),
    keywords=(b"sl.u.", b"sl.B"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>(?:sl\.u\.|sl\.B)[A-Za-z0-9_-]{130,1500})(?![A-Za-z0-9_-])"),
    before=1,
    after=1600,
)
