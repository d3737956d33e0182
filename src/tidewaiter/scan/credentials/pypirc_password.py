"""Passwords of package indexes (packaging.python.org: the .pypirc file)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="pypirc-password",
    title="Index password in .pypirc",
    version=2,
    tags=frozenset({"password", "registry"}),
    files=(".pypirc",),
    pattern=LazyPattern(rb"^\s{0,20}password[ \t]{0,5}[=:][ \t]{0,5}(?P<token>[^\s$]{4,2000})", re.MULTILINE),
    is_generic=True,
)
