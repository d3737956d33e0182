"""Private Packagist API and authentication tokens (packagist.com/docs: authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="packagist-token",
    title="Packagist token",
    tags=frozenset({"vendor", "registry"}),
    keywords=(b"packagist_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>packagist_[a-z]{2,3}_[a-f0-9]{60,80})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
