"""Mailgun private and signing keys (documentation.mailgun.com: API keys)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, is_hexadecimal_secret

FORMAT: Final = TokenFormat(
    id="mailgun-key",
    title="Mailgun key",
    tags=frozenset({"vendor", "mail"}),
    keywords=(b"mailgun", b"MAILGUN", b"Mailgun"),
    pattern=assigned(rb"mailgun", rb"key-[a-f0-9]{32}|[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}"),
    before=0,
    after=256,
    accept=is_hexadecimal_secret,
)
