"""Dynatrace API tokens (docs.dynatrace.com: token format)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="dynatrace-token",
    title="Dynatrace token",
    tags=frozenset({"vendor", "monitoring"}),
    keywords=(b"dt0c01.", b"dt0s16.", b"dt0s02."),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:dt0c01\.|dt0s16\.|dt0s02\.)[A-Z0-9]{8,24}\.[A-Z2-7]{64})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
