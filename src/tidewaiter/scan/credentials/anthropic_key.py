"""Anthropic API and admin keys (docs.anthropic.com: API overview)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="anthropic-key",
    title="Anthropic API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"sk-ant-",),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>sk-ant-(?:api|admin)\d{2}-[A-Za-z0-9_-]{80,120})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
