"""npm access tokens with their own CRC-32 (github.blog: changes to the npm token format)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, has_crc32

FORMAT: Final = TokenFormat(
    id="npm-token",
    title="npm access token",
    tags=frozenset({"vendor", "registry"}),
    keywords=(b"npm_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_])(?P<token>npm_[A-Za-z0-9]{36})(?![A-Za-z0-9])"),
    before=1,
    after=256,
    verify=has_crc32,
)
