"""Typeform personal access tokens (typeform.com/developers: personal access token)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="typeform-token",
    title="Typeform token",
    tags=frozenset({"vendor"}),
    keywords=(b"tfp_",),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>tfp_[A-Za-z0-9_=-]{40,64}(?:_[A-Za-z0-9]{14})?)(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
