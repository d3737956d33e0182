"""Tailscale auth, API, client and webhook keys (tailscale.com/kb: key prefixes)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="tailscale-key",
    title="Tailscale key",
    tags=frozenset({"vendor", "network"}),
    keywords=(b"tskey-",),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{24,40})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
