"""Atlassian API tokens: the last 8 characters are the CRC-32 of all before them (support.atlassian.com: API tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, crc32_hex

FORMAT: Final = TokenFormat(
    id="atlassian-token",
    title="Atlassian API token",
    tags=frozenset({"vendor", "source-hosting"}),
    keywords=(b"ATATT3", b"ATCTT3"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>AT[AC]TT3[A-Za-z0-9_=-]{150,220}=[A-F0-9]{8})(?![A-Za-z0-9_=-])"
    ),
    before=1,
    after=300,
    verify=lambda token: crc32_hex(token[:-8]) == token[-8:],
)
