"""SendGrid API keys (docs.sendgrid.com: API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="sendgrid-key",
    title="SendGrid API key",
    tags=frozenset({"vendor", "mail"}),
    keywords=(b"SG.",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
