"""Bitbucket app passwords: the last 8 characters are a CRC-32 (support.atlassian.com: app passwords)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, crc32_hex

FORMAT: Final = TokenFormat(
    id="bitbucket-password",
    title="Bitbucket app password",
    tags=frozenset({"vendor", "source-hosting"}),
    keywords=(b"ATBB",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>ATBB[A-Za-z0-9]{24}[A-F0-9]{8})(?![A-Za-z0-9_-])"),
    before=1,
    after=64,
    verify=lambda token: crc32_hex(token[:-8]) == token[-8:],
)
