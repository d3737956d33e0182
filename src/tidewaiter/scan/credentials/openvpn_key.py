"""Static keys of OpenVPN (openvpn.net: reference manual, secret)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="openvpn-key",
    title="OpenVPN static key",
    tags=frozenset({"key", "network"}),
    keywords=(b"OpenVPN Static key V1-----",),
    pattern=LazyPattern(rb"OpenVPN Static key V1-----\s{1,4}(?P<token>(?:[a-f0-9]{32}\s{1,2}){8,16})"),
    before=0,
    after=2048,
)
