"""Shippo tokens of live mode (docs.goshippo.com: authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="shippo-token",
    title="Shippo live token",
    tags=frozenset({"vendor", "shop"}),
    keywords=(b"shippo_live_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>shippo_live_[a-f0-9]{40})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
