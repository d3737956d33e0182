"""Brevo (Sendinblue) API and SMTP keys (developers.brevo.com: API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="brevo-key",
    title="Brevo API key",
    tags=frozenset({"vendor", "mail"}),
    keywords=(b"xkeysib-", b"xsmtpsib-"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:xkeysib-|xsmtpsib-)[a-f0-9]{64}-[A-Za-z0-9]{16})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
