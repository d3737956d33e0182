"""Azure storage keys in connection strings (learn.microsoft.com: storage connection strings)."""

import re
from typing import Final

from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="azure-storage-key",
    title="Azure storage account key",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"AccountKey=",),
    pattern=re.compile(rb"AccountKey=(?P<token>[A-Za-z0-9+/]{86}==)"),
    before=0,
    after=256,
)
