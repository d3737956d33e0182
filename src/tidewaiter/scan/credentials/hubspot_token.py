"""HubSpot private app access tokens (developers.hubspot.com: private apps)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="hubspot-token",
    title="HubSpot private app token",
    tags=frozenset({"vendor"}),
    keywords=(b"pat-na1-", b"pat-na2-", b"pat-eu1-", b"pat-ap1-"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:pat-na1-|pat-na2-|pat-eu1-|pat-ap1-)[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
