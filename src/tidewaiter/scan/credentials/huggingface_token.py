"""Hugging Face user and organisation tokens (huggingface.co/docs: security-tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="huggingface-token",
    title="Hugging Face token",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"hf_", b"api_org_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>(?:hf_|api_org_)[A-Za-z]{34})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
