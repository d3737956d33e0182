"""PlanetScale service tokens, OAuth tokens and passwords (planetscale.com/docs: service tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="planetscale-token",
    title="PlanetScale token or password",
    tags=frozenset({"vendor", "database"}),
    keywords=(b"pscale_tkn_", b"pscale_pw_", b"pscale_oauth_"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:pscale_tkn_|pscale_pw_|pscale_oauth_)[A-Za-z0-9_.=-]{32,64})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
