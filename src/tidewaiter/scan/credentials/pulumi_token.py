"""Pulumi Cloud access tokens (pulumi.com/docs: access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="pulumi-token",
    title="Pulumi access token",
    tags=frozenset({"vendor", "infrastructure"}),
    keywords=(b"pul-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>pul-[a-f0-9]{40})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
