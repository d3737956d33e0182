"""ReadMe API keys (docs.readme.com: authentication)."""

import re
from typing import Final

from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="readme-key",
    title="ReadMe API key",
    tags=frozenset({"vendor"}),
    keywords=(b"rdme_",),
    pattern=re.compile(rb"(?<![A-Za-z0-9_-])(?P<token>rdme_[a-z0-9]{70})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
