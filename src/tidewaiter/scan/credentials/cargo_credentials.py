"""Tokens of crate registries (doc.rust-lang.org/cargo: config, credentials)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="cargo-credentials",
    title="Registry token of Cargo",
    tags=frozenset({"registry"}),
    files=("credentials.toml",),
    pattern=LazyPattern(
        rb"^\s{0,20}(?:secret-key|token)[ \t]{0,5}=[ \t]{0,5}[\"'](?P<token>[^\s\"'$]{8,400})[\"']",
        re.MULTILINE,
    ),
    accept=is_password,
    is_generic=True,
)
