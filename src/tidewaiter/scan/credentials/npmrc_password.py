"""Registry tokens and passwords in npm's configuration (docs.npmjs.com: npmrc, auth related configuration)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="npmrc-password",
    title="Registry password in .npmrc",
    version=2,
    tags=frozenset({"password", "registry"}),
    files=(".npmrc", "npmrc"),
    pattern=LazyPattern(
        rb"^\s{0,20}(?://[^\s=]{1,300}:)?_(?:authToken|auth|password)[ \t]{0,5}=[ \t]{0,5}[\"\']?(?P<token>[^\s\"\'$]{8,2000})",
        re.MULTILINE,
    ),
    is_generic=True,
)
