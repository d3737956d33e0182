"""JFrog API keys and reference tokens, base 64 of `reftkn:` (jfrog.com/help: access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="artifactory-token",
    title="Artifactory API key or reference token",
    tags=frozenset({"vendor", "registry"}),
    keywords=(b"AKCp", b"cmVmdGtu"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9])(?P<token>AKCp[A-Za-z0-9]{69}|cmVmdGtu[A-Za-z0-9]{56})(?![A-Za-z0-9])"),
    before=1,
    after=256,
)
