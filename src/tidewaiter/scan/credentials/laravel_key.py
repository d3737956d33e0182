"""Laravel's application key (laravel.com/docs: encryption)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="laravel-key",
    title="Laravel application key",
    tags=frozenset({"key"}),
    keywords=(b"APP_KEY=base64:",),
    pattern=LazyPattern(rb"APP_KEY=base64:(?P<token>[A-Za-z0-9+/]{43}=)"),
    before=0,
    after=128,
)
