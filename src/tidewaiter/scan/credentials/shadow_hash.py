"""Password hashes of accounts (man7.org: shadow(5), crypt(5)); `!` and `*` are locked."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="shadow-hash",
    title="Password hash of a system account",
    tags=frozenset({"password"}),
    files=("shadow", "shadow-"),
    pattern=LazyPattern(
        rb"^[a-z_][\w.-]{0,60}:(?P<token>\$(?:1|2[abxy]|5|6|7|y|gy|sha1)\$[./A-Za-z0-9$=,]{20,300}|[./A-Za-z0-9]{13}):[0-9]{0,6}:",
        re.MULTILINE,
    ),
)
