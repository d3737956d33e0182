"""Grafana service account tokens with their CRC-32, and Cloud tokens (grafana/grafana: pkg/components/satokengen)."""

import zlib
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat


def _verify(token: bytes) -> bool:
    """Return whether the last part is the CRC-32 of all before its `_`, lowest byte first, in hex."""
    body, _, checksum = token.rpartition(b"_")
    return zlib.crc32(body).to_bytes(4, "little").hex().encode() == checksum


FORMAT: Final = TokenFormat(
    id="grafana-token",
    title="Grafana token",
    tags=frozenset({"vendor", "monitoring"}),
    keywords=(b"glsa_", b"glc_eyJ"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_eyJ[A-Za-z0-9+/]{60,400}={0,2})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=420,
    verify=_verify,
)
