"""Twitch client secrets and chat tokens (dev.twitch.tv/docs: authentication)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="twitch-token",
    title="Twitch token",
    tags=frozenset({"vendor", "chat"}),
    keywords=(b"twitch", b"TWITCH", b"Twitch"),
    pattern=assigned(rb"twitch", rb"(?:oauth:)?[a-z0-9]{30}"),
    before=0,
    after=256,
    accept=looks_random,
)
