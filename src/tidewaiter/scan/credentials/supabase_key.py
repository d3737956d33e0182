"""Supabase personal access tokens and secret keys (supabase.com/docs: API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="supabase-key",
    title="Supabase secret key or token",
    tags=frozenset({"vendor", "database"}),
    keywords=(b"sbp_", b"sb_secret_"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{31,40})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
