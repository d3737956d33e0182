"""Signing secrets of Stripe webhooks (docs.stripe.com: webhooks)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="stripe-webhook-secret",
    title="Stripe webhook secret",
    tags=frozenset({"vendor", "payment"}),
    keywords=(b"whsec_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>whsec_[A-Za-z0-9+/]{32,64})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
