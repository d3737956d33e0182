"""Facebook access tokens: parts that begin with `Z` and a letter stand in all of them (developers.facebook.com)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, looks_random


def _accept(token: bytes) -> bool:
    """Refuse base 64 of anything else: at least two marks between the parts."""
    return len(re.findall(rb"Z[ABCD]", token)) >= 2 and looks_random(token)


FORMAT: Final = TokenFormat(
    id="facebook-token",
    title="Facebook access token",
    tags=frozenset({"vendor", "chat"}),
    keywords=(b"EAAB", b"EAAC", b"EAAD", b"EAAG", b"EAAJ", b"EAAM"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9+/_-])(?P<token>EAA[A-Z][A-Za-z0-9]{100,400})(?![A-Za-z0-9+/_=-])"),
    before=1,
    after=420,
    accept=_accept,
)
