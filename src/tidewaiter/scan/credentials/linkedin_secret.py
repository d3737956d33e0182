"""LinkedIn client secrets since their prefix (learn.microsoft.com/linkedin: authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="linkedin-secret",
    title="LinkedIn client secret",
    tags=frozenset({"vendor"}),
    keywords=(b"WPL_AP0.", b"WPL_AP1."),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:WPL_AP0\.|WPL_AP1\.)[A-Za-z0-9]{14,20}\.[A-Za-z0-9+/]{6,10}={0,2})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
