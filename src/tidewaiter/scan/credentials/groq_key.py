"""Groq API keys (console.groq.com: API keys)."""

import re
from typing import Final

from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="groq-key",
    title="Groq API key",
    tags=frozenset({"vendor", "ai"}),
    keywords=(b"gsk_",),
    pattern=re.compile(rb"(?<![A-Za-z0-9_-])(?P<token>gsk_[A-Za-z0-9]{52})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
