"""Docker Hub personal and organisation access tokens (docs.docker.com: security/access-tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="docker-hub-token",
    title="Docker Hub access token",
    tags=frozenset({"vendor", "registry"}),
    keywords=(b"dckr_pat_", b"dckr_oat_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_])(?P<token>dckr_[po]at_[A-Za-z0-9_-]{27,32})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
