"""Braintree production access tokens (developer.paypal.com/braintree: credentials)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="braintree-token",
    title="Braintree access token",
    tags=frozenset({"vendor", "payment"}),
    keywords=(b"access_token$",),
    pattern=LazyPattern(rb"(?P<token>access_token\$production\$[a-z0-9]{16}\$[a-f0-9]{32})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
