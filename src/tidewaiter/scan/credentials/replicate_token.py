"""Replicate API tokens (replicate.com/docs: API tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="replicate-token",
    title="Replicate API token",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"r8_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>r8_[A-Za-z0-9]{37})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
