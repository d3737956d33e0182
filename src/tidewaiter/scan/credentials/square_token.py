"""Square access tokens and OAuth secrets (developer.squareup.com: access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="square-token",
    title="Square access token",
    tags=frozenset({"vendor", "payment"}),
    keywords=(b"sq0csp-", b"sq0atp-", b"EAAA"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_+/-])(?P<token>sq0(?:csp-[A-Za-z0-9_-]{43}|atp-[A-Za-z0-9_-]{22})|EAAA[A-Za-z0-9_-]{60})(?![A-Za-z0-9_+/=-])"
    ),
    before=1,
    after=256,
)
