"""Fly.io macaroons and access tokens (fly.io/docs: access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="fly-token",
    title="Fly.io token",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"fm1a_", b"fm1r_", b"fm2_", b"fo1_"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,800}={0,2}|fo1_[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=1000,
)
