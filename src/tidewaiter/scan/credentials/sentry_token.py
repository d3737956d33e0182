"""Sentry user and organisation tokens (docs.sentry.io: auth tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="sentry-token",
    title="Sentry token",
    tags=frozenset({"vendor", "monitoring"}),
    keywords=(b"sntrys_", b"sntryu_"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>sntryu_[a-f0-9]{64}|sntrys_eyJ[A-Za-z0-9+/=_-]{80,400}_[A-Za-z0-9+/]{43})(?![A-Za-z0-9+/])"
    ),
    before=1,
    after=600,
)
