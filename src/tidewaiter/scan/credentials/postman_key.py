"""Postman API keys (learning.postman.com: Postman API authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="postman-key",
    title="Postman API key",
    tags=frozenset({"vendor"}),
    keywords=(b"PMAK-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>PMAK-[a-f0-9]{24}-[a-f0-9]{34})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
