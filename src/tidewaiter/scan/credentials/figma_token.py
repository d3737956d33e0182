"""Figma personal access tokens (developers.figma.com: access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="figma-token",
    title="Figma access token",
    tags=frozenset({"vendor"}),
    keywords=(b"figd_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>figd_[A-Za-z0-9_-]{38,46})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
