"""OpenAI keys: their middle holds the base-64 name of the vendor (platform.openai.com: API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="openai-key",
    title="OpenAI API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"T3BlbkFJ",),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,80}T3BlbkFJ[A-Za-z0-9_-]{20,80})(?![A-Za-z0-9_-])"
    ),
    before=100,
    after=256,
)
