"""xAI API keys (docs.x.ai: getting started)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="xai-key",
    title="xAI API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"xai-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>xai-[A-Za-z0-9]{80})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
