"""Alibaba Cloud AccessKey ids (alibabacloud.com/help: AccessKey pair)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="alibaba-access-key",
    title="Alibaba Cloud access key id",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"LTAI",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>LTAI[A-Za-z0-9]{12,24})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
