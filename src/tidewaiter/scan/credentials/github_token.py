"""GitHub tokens with their own CRC-32 (docs.github.com: about authentication to GitHub)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, has_crc32

FORMAT: Final = TokenFormat(
    id="github-token",
    title="GitHub token",
    tags=frozenset({"vendor", "source-hosting"}),
    keywords=(b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_])(?P<token>gh[pousr]_[A-Za-z0-9]{36})(?![A-Za-z0-9])"),
    before=1,
    after=256,
    verify=has_crc32,
)
