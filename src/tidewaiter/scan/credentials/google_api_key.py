"""Google Cloud API keys (cloud.google.com: docs/authentication/api-keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="google-api-key",
    title="Google API key",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"AIza",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
