"""Azure storage keys in connection strings (learn.microsoft.com: storage connection strings)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="azure-storage-key",
    title="Azure storage account key",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"AccountKey=",),
    pattern=LazyPattern(rb"AccountKey=(?P<token>[A-Za-z0-9+/]{86}==)"),
    before=0,
    after=256,
)
