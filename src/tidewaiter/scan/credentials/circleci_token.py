"""CircleCI personal and project tokens (circleci.com/docs: managing API tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="circleci-token",
    title="CircleCI token",
    tags=frozenset({"vendor", "ci"}),
    keywords=(b"CCIPAT_", b"CCIPRJ_"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:CCIPAT_|CCIPRJ_)[A-Za-z0-9]{20,24}_[a-f0-9]{40})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
