"""GitHub fine-grained personal access tokens (docs.github.com: managing your personal access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="github-fine-grained-token",
    title="GitHub fine-grained personal access token",
    tags=frozenset({"vendor", "source-hosting"}),
    keywords=(b"github_pat_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_])(?P<token>github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?![A-Za-z0-9])"),
    before=1,
    after=256,
)
