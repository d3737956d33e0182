"""Passwords and tokens of Composer's repositories (getcomposer.org: authentication)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="composer-auth",
    title="Password in Composer's auth.json",
    tags=frozenset({"password", "registry"}),
    files=("auth.json",),
    pattern=LazyPattern(
        rb"\"(?:password|github\.com|gitlab\.com|consumer-secret|[a-z0-9.-]{3,80}\.packagist\.com)\"\s{0,5}:\s{0,5}\"(?P<token>[^\"\s\\]{6,400})\"",
        re.MULTILINE,
    ),
    accept=is_password,
    is_generic=True,
)
