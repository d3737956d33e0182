"""NuGet.org API keys (learn.microsoft.com: publish a package)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="nuget-key",
    title="NuGet.org API key",
    tags=frozenset({"vendor", "registry"}),
    keywords=(b"oy2",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>oy2[a-z0-9]{43})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
