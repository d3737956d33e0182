"""Clojars deploy tokens (github.com/clojars/clojars-web: deploy tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="clojars-token",
    title="Clojars deploy token",
    tags=frozenset({"vendor", "registry"}),
    keywords=(b"CLOJARS_",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>CLOJARS_[a-z0-9]{60})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
