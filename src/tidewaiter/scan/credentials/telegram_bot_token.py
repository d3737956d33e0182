"""Telegram bot tokens, `id:secret` (core.telegram.org/bots: API)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="telegram-bot-token",
    title="Telegram bot token",
    tags=frozenset({"vendor", "chat"}),
    keywords=(b":AAE", b":AAF", b":AAG", b":AAH"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9])(?P<token>[0-9]{8,10}:AA[EFGH][A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])"),
    before=12,
    after=64,
)
