"""ReadMe API keys (docs.readme.com: authentication)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="readme-key",
    title="ReadMe API key",
    tags=frozenset({"vendor"}),
    keywords=(b"rdme_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>rdme_[a-z0-9]{70})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
