"""Shared access signatures of Azure storage (learn.microsoft.com: service SAS)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="azure-sas",
    title="Azure shared access signature",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"sig=",),
    pattern=LazyPattern(rb"[?&;](?:amp;)?sig=(?P<token>[A-Za-z0-9%+/]{40,140}(?:%3D|=))(?=.{0,200}|$)"),
    before=5,
    after=160,
)
