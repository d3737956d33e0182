"""Values of variables that are named as secrets, in any text: upper case as in environments and build arguments."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password, looks_random

_ELSE: Final = re.compile(rb"://|^/?[a-z]+/|\.[a-z]{2,4}(?:$|/)|^[A-Za-z_]+(?:[.:-][A-Za-z_]+)*[0-9]{0,4}$")
"""Addresses, paths, and words joined by dots or dashes with a number behind."""


def _accept(token: bytes) -> bool:
    """Accept random values only: words, paths, addresses and code stand in such places far more often."""
    return looks_random(token) and is_password(token) and not _ELSE.search(token)


FORMAT: Final = TokenFormat(
    id="secret-assignment",
    title="Value of a variable named as a secret",
    tags=frozenset({"generic"}),
    keywords=(
        b"PASSWORD=",
        b"PASSWD=",
        b"_PASS=",
        b"SECRET=",
        b"_TOKEN=",
        b"API_KEY=",
        b"APIKEY=",
        b"SECRET_KEY=",
        b"ACCESS_KEY=",
        b"PRIVATE_KEY=",
    ),
    pattern=LazyPattern(
        rb"(?:PASSWORD|PASSWD|_PASS|SECRET|_TOKEN|API_?KEY|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY)="
        rb"[\"']?(?P<token>[A-Za-z0-9+/=_.!@#%^*:?-]{12,200})(?=[\"'\s;,]|\\|$)"
    ),
    after=240,
    accept=_accept,
    is_generic=True,
)
