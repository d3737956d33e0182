"""Passwords for curl, git and ftp (GNU inetutils: The .netrc file)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="netrc",
    title="Password in .netrc",
    tags=frozenset({"password"}),
    files=(".netrc", "_netrc"),
    pattern=LazyPattern(
        rb"^[ \t]*(?:machine|default)\b[^#]{1,300}?\bpassword\s{1,10}(?P<token>[^\s#]{4,400})", re.MULTILINE
    ),
    is_generic=True,
)
