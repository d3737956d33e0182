"""RubyGems.org API keys (guides.rubygems.org: API key scopes)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="rubygems-key",
    title="RubyGems API key",
    tags=frozenset({"vendor", "registry"}),
    keywords=(b"rubygems_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>rubygems_[a-f0-9]{48})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
