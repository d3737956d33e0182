"""Mailchimp API keys with their data centre (mailchimp.com/developer: API keys)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, is_hexadecimal_secret

FORMAT: Final = TokenFormat(
    id="mailchimp-key",
    title="Mailchimp API key",
    tags=frozenset({"vendor", "mail"}),
    keywords=(b"mailchimp", b"MAILCHIMP", b"Mailchimp"),
    pattern=assigned(rb"mailchimp", rb"[a-f0-9]{32}-us[0-9]{1,2}"),
    before=0,
    after=256,
    accept=is_hexadecimal_secret,
)
