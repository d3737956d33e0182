"""Azure DevOps personal access tokens with their signature `AZDO` (learn.microsoft.com: use personal access tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="azure-devops-token",
    title="Azure DevOps token",
    tags=frozenset({"vendor", "source-hosting"}),
    keywords=(b"AZDO",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9])(?P<token>[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})(?![A-Za-z0-9])"),
    before=78,
    after=16,
)
