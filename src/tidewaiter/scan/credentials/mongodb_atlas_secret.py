"""Secrets of MongoDB Atlas service accounts (mongodb.com/docs/atlas: service accounts)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="mongodb-atlas-secret",
    title="MongoDB Atlas service account secret",
    tags=frozenset({"vendor", "database"}),
    keywords=(b"mdb_sa_sk_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>mdb_sa_sk_[A-Za-z0-9_-]{40})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
