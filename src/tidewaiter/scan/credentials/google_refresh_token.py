"""Refresh tokens of Google accounts, as gcloud keeps them (developers.google.com: OAuth 2.0)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="google-refresh-token",
    title="Google refresh token",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"1//0",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9/])(?P<token>1//0[A-Za-z0-9_-]{60,220})(?![A-Za-z0-9_-])"),
    before=1,
    after=320,
)
