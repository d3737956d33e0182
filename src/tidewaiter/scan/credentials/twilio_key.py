"""Twilio API keys and authentication tokens (twilio.com/docs: IAM API keys)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, is_hexadecimal_secret

FORMAT: Final = TokenFormat(
    id="twilio-key",
    title="Twilio key or token",
    tags=frozenset({"vendor", "chat"}),
    keywords=(b"twilio", b"TWILIO", b"Twilio"),
    pattern=assigned(rb"twilio", rb"SK[a-f0-9]{32}|[a-f0-9]{32}"),
    before=0,
    after=256,
    accept=is_hexadecimal_secret,
)
