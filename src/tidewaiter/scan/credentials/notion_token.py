"""Notion integration tokens since 2024 (developers.notion.com: authorization)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="notion-token",
    title="Notion integration token",
    tags=frozenset({"vendor"}),
    keywords=(b"ntn_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>ntn_[0-9]{11}[A-Za-z0-9]{35})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
