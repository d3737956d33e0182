"""Groq API keys (console.groq.com: API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="groq-key",
    title="Groq API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"gsk_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>gsk_[A-Za-z0-9]{52})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
