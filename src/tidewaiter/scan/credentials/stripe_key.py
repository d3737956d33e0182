"""Stripe secret and restricted keys of live mode (docs.stripe.com: keys); test mode keys move no money."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="stripe-key",
    title="Stripe live key",
    tags=frozenset({"vendor", "payment"}),
    keywords=(b"sk_live_", b"rk_live_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_])(?P<token>[sr]k_live_[A-Za-z0-9]{24,247})(?![A-Za-z0-9])"),
    before=1,
    after=300,
)
