"""GitHub tokens (docs.github.com: about authentication to GitHub, token formats)."""

import re
from typing import Final

from tidewaiter.scan.token_format import TokenFormat, has_crc32

CLASSIC: Final = TokenFormat(
    id="github-token",
    title="GitHub token",
    tags=frozenset({"vendor", "source-hosting"}),
    keywords=(b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"),
    pattern=re.compile(rb"(?<![A-Za-z0-9_])(?P<token>gh[pousr]_[A-Za-z0-9]{36})(?![A-Za-z0-9])"),
    before=1,
    verify=has_crc32,
)
FINE_GRAINED: Final = TokenFormat(
    id="github-fine-grained-token",
    title="GitHub fine-grained personal access token",
    tags=frozenset({"vendor", "source-hosting"}),
    keywords=(b"github_pat_",),
    pattern=re.compile(rb"(?<![A-Za-z0-9_])(?P<token>github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?![A-Za-z0-9])"),
    before=1,
)
FORMATS: Final = (CLASSIC, FINE_GRAINED)
