"""Databricks personal access tokens (docs.databricks.com: dev-tools/auth/pat)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="databricks-token",
    title="Databricks access token",
    tags=frozenset({"vendor", "data"}),
    keywords=(b"dapi",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>dapi[a-f0-9]{32}(?:-[0-9])?)(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
