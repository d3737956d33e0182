"""Keys of s3cmd and boto (s3tools.org: s3cmd configuration)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="s3cfg-secret",
    title="Secret key in .s3cfg",
    tags=frozenset({"vendor", "cloud"}),
    files=(".s3cfg", ".boto", ".passwd-s3fs"),
    pattern=LazyPattern(
        rb"^\s{0,20}(?:(?:secret_key|gs_secret_access_key|gpg_passphrase)[ \t]{0,5}=[ \t]{0,5}|[A-Z0-9]{16,24}:)(?P<token>[^\s#]{8,200})",
        re.MULTILINE,
    ),
    accept=is_password,
    is_generic=True,
)
