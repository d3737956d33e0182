"""Discord webhooks: the address is the secret (discord.com/developers: webhook)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="discord-webhook",
    title="Discord webhook",
    tags=frozenset({"vendor", "chat"}),
    keywords=(b"discord.com/api/webhooks/", b"discordapp.com/api/webhooks/"),
    pattern=LazyPattern(
        rb"discord(?:app)?\.com/api/webhooks/(?P<token>[0-9]{17,20}/[A-Za-z0-9_-]{60,80})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
