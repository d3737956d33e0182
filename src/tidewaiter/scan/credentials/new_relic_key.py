"""New Relic user, ingest and licence keys (docs.newrelic.com: New Relic API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="new-relic-key",
    title="New Relic key",
    tags=frozenset({"vendor", "monitoring"}),
    keywords=(b"NRAK-", b"NRII-", b"NRAL"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>NRAK-[A-Z0-9]{27}|NRII-[A-Za-z0-9_-]{32}|(?:eu01xx)?[a-f0-9]{30,36}NRAL)(?![A-Za-z0-9_-])"
    ),
    before=45,
    after=256,
)
