"""Contentful personal access tokens (contentful.com/developers: authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="contentful-token",
    title="Contentful management token",
    tags=frozenset({"vendor"}),
    keywords=(b"CFPAT-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>CFPAT-[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
