"""Heroku authorisation tokens since their prefix (devcenter.heroku.com: API)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="heroku-key",
    title="Heroku API key",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"HRKU-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>HRKU-[A-Za-z0-9_-]{36,70})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
