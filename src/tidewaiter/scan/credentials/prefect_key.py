"""Prefect Cloud keys (docs.prefect.io: manage API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="prefect-key",
    title="Prefect API key",
    tags=frozenset({"vendor", "ci"}),
    keywords=(b"pnu_", b"pnb_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>(?:pnu_|pnb_)[A-Za-z0-9]{36})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
