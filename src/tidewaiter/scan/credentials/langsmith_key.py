"""LangSmith personal and service keys (docs.langchain.com: LangSmith API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="langsmith-key",
    title="LangSmith API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"lsv2_pt_", b"lsv2_sk_"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:lsv2_pt_|lsv2_sk_)[a-f0-9]{32}_[a-f0-9]{10})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
