"""Tencent Cloud secret ids (tencentcloud.com/document: access key)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="tencent-secret-id",
    title="Tencent Cloud secret id",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"AKID",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>AKID[A-Za-z0-9]{32})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
