"""Razorpay keys of live mode (razorpay.com/docs: API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="razorpay-key",
    title="Razorpay live key",
    tags=frozenset({"vendor", "payment"}),
    keywords=(b"rzp_live_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>rzp_live_[A-Za-z0-9]{14})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
