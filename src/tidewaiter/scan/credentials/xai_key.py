"""xAI API keys (docs.x.ai: getting started)."""

import re
from typing import Final

from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="xai-key",
    title="xAI API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"xai-",),
    pattern=re.compile(rb"(?<![A-Za-z0-9_-])(?P<token>xai-[A-Za-z0-9]{80})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
