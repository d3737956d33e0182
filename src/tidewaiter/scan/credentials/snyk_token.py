"""Snyk personal and service account tokens (docs.snyk.io: authentication for API)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="snyk-token",
    title="Snyk token",
    tags=frozenset({"vendor", "quality"}),
    keywords=(b"snyk_uat.", b"snyk_sat."),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:snyk_uat\.|snyk_sat\.)[a-f0-9]{8}\.[A-Za-z0-9_-]{20,400}(?:\.[A-Za-z0-9_-]{20,400})?)(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=900,
)
