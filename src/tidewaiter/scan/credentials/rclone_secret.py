"""Secrets of rclone's remotes; its `pass` is only obscured (rclone.org: docs, configuration file)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="rclone-secret",
    title="Secret in rclone.conf",
    tags=frozenset({"vendor", "cloud"}),
    files=("rclone.conf", ".rclone.conf"),
    pattern=LazyPattern(
        rb"^\s{0,20}(?:pass|password2?|secret_access_key|client_secret|token|key|api_key|bearer_token|sas_url)[ \t]{0,5}=[ \t]{0,5}(?P<token>[^\s]{8,4000})",
        re.MULTILINE,
    ),
    accept=is_password,
    is_generic=True,
)
