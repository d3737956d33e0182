"""Buildkite user access tokens (buildkite.com/docs: token security)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="buildkite-token",
    title="Buildkite API token",
    tags=frozenset({"vendor", "ci"}),
    keywords=(b"bkua_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>bkua_[a-f0-9]{40})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
