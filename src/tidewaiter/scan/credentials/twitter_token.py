"""Bearer tokens of the Twitter API (developer.x.com: bearer tokens)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random


def _accept(token: bytes) -> bool:
    """Judge what follows the zeroes with which every token begins."""
    return looks_random(token.lstrip(b"A"))


FORMAT: Final = TokenFormat(
    id="twitter-token",
    title="Twitter bearer token",
    tags=frozenset({"vendor"}),
    keywords=(b"BEARER_TOKEN", b"bearer_token"),
    pattern=assigned(rb"bearer_token", rb"A{18,24}[A-Za-z0-9%]{60,120}"),
    before=0,
    after=256,
    accept=_accept,
)
