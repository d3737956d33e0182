"""Passwords and keys in Gradle's properties (docs.gradle.org: build environment)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="gradle-properties-secret",
    title="Secret in Gradle properties",
    tags=frozenset({"password", "registry"}),
    files=("gradle.properties",),
    pattern=LazyPattern(
        rb"^\s{0,20}[\w.-]{0,80}(?:password|passwd|secret|token|apikey|api_key)[ \t]{0,5}[=:][ \t]{0,5}(?P<token>[^\s$]{6,400})",
        re.MULTILINE | re.IGNORECASE,
    ),
    accept=is_password,
    is_generic=True,
)
