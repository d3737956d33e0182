"""Sourcegraph access tokens (sourcegraph.com/docs: access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="sourcegraph-token",
    title="Sourcegraph access token",
    tags=frozenset({"vendor"}),
    keywords=(b"sgp_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
