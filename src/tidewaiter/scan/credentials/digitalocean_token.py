"""DigitalOcean personal, OAuth and refresh tokens (docs.digitalocean.com: personal access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="digitalocean-token",
    title="DigitalOcean token",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"dop_v1_", b"doo_v1_", b"dor_v1_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_])(?P<token>do[opr]_v1_[a-f0-9]{64})(?![A-Za-z0-9])"),
    before=1,
    after=256,
)
