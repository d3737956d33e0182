"""Google OAuth client secrets (developers.google.com: OAuth 2.0)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="google-oauth-secret",
    title="Google OAuth client secret",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"GOCSPX-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>GOCSPX-[A-Za-z0-9_-]{28})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
