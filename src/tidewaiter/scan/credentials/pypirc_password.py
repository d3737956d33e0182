"""Passwords of package indexes (packaging.python.org: the .pypirc file)."""

import re
from typing import Final

from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="pypirc-password",
    title="Index password in .pypirc",
    tags=frozenset({"password", "registry"}),
    files=(".pypirc",),
    pattern=re.compile(rb"^\s{0,20}password\s{0,5}[=:]\s{0,5}(?P<token>[^\s$]{4,2000})", re.MULTILINE),
)
