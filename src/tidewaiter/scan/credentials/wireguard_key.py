"""Private and preshared keys of WireGuard (wireguard.com: wg(8), configuration file)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="wireguard-key",
    title="WireGuard key",
    tags=frozenset({"key", "network"}),
    keywords=(b"PrivateKey", b"PresharedKey"),
    pattern=LazyPattern(
        rb"(?:Private|Preshared)Key\s{0,4}=\s{0,4}(?P<token>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])"
    ),
    before=0,
    after=128,
)
