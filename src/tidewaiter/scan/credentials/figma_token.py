"""Figma personal access tokens (developers.figma.com: access tokens)."""

import re
from typing import Final

from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="figma-token",
    title="Figma access token",
    tags=frozenset({"vendor"}),
    keywords=(b"figd_",),
    pattern=re.compile(rb"(?<![A-Za-z0-9_-])(?P<token>figd_[A-Za-z0-9_-]{38,46})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
