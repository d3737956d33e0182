"""Perplexity API keys (docs.perplexity.ai: API key management)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="perplexity-key",
    title="Perplexity API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"pplx-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>pplx-[A-Za-z0-9]{48})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
