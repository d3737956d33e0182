"""Passwords that Git's credential store keeps (git-scm.com: git-credential-store)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="git-credentials",
    title="Password in .git-credentials",
    tags=frozenset({"password", "source-hosting"}),
    files=(".git-credentials", "credentials"),
    pattern=LazyPattern(rb"^https?://[^\s:@/]{1,200}:(?P<token>[^\s@/]{4,400})@[A-Za-z0-9.-]+", re.MULTILINE),
    is_generic=True,
)
