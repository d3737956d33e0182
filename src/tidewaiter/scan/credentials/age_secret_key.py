"""age identities (C2SP: age.md, Bech32 with the upper-case prefix)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="age-secret-key",
    title="age secret key",
    tags=frozenset({"key"}),
    keywords=(b"AGE-SECRET-KEY-1",),
    pattern=LazyPattern(
        rb"(?<![A-Z0-9-])(?P<token>AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})(?![A-Z0-9])"
    ),
    before=1,
    after=256,
)
