"""Discord bot tokens: base 64 of the id, time and signature (discord.com/developers: reference)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="discord-bot-token",
    title="Discord bot token",
    tags=frozenset({"vendor", "chat"}),
    keywords=(b"discord", b"DISCORD", b"Discord", b"BOT_TOKEN", b"bot_token"),
    pattern=assigned(rb"(?:discord|bot_token)", rb"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}"),
    before=0,
    after=256,
    accept=looks_random,
)
