"""Join tokens of Docker Swarm (docs.docker.com: swarm join-token)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="swarm-token",
    title="Docker Swarm join token",
    tags=frozenset({"infrastructure"}),
    keywords=(b"SWMTKN-1-",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>SWMTKN-1-[a-z0-9]{50}-[a-z0-9]{25})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
