"""Linear API keys and OAuth tokens (linear.app/developers: API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="linear-key",
    title="Linear API key",
    tags=frozenset({"vendor"}),
    keywords=(b"lin_api_", b"lin_oauth_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>(?:lin_api_|lin_oauth_)[A-Za-z0-9]{40,64})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
