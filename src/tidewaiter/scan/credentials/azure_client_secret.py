"""Client secrets of Microsoft Entra applications (learn.microsoft.com: app registration)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="azure-client-secret",
    title="Azure client secret",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"7Q~", b"8Q~"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_~.-])(?P<token>[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34})(?![A-Za-z0-9_~.-])"
    ),
    before=5,
    after=64,
)
