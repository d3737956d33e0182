"""Mapbox secret tokens (docs.mapbox.com: access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="mapbox-token",
    title="Mapbox secret token",
    tags=frozenset({"vendor"}),
    keywords=(b"sk.eyJ",),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>sk\.eyJ[A-Za-z0-9_-]{40,200}\.[A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=300,
)
