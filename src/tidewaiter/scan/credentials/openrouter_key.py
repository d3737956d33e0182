"""OpenRouter keys (openrouter.ai/docs: authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="openrouter-key",
    title="OpenRouter API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"sk-or-v1-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>sk-or-v1-[a-f0-9]{64})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
