"""1Password service account tokens, base 64 of JSON (developer.1password.com: service accounts)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="onepassword-token",
    title="1Password service account token",
    tags=frozenset({"vendor", "secret-store"}),
    keywords=(b"ops_eyJ",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>ops_eyJ[A-Za-z0-9+/_-]{250,2000}={0,2})(?![A-Za-z0-9_-])"),
    before=1,
    after=2100,
)
