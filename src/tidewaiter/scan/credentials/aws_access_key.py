"""AWS access key ids (docs.aws.amazon.com: IAM identifiers); base 32, so never 0, 1, 8 or 9."""

import base64
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat


def _describe(token: bytes) -> str:
    """Return the account that keys since 2019 carry: 40 bits from the second of their base 32."""
    if token[4:5] in {b"I", b"J"}:
        return ""  # older keys, which hold no account
    account = (int.from_bytes(base64.b32decode(token[4:])[:6], "big") & 0x7FFF_FFFF_FF80) >> 7
    return f"of account {account:012d}" if account < 10**12 else ""


FORMAT: Final = TokenFormat(
    id="aws-access-key",
    title="AWS access key id",
    version=3,
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"AKIA", b"ASIA"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9/+])(?P<token>A(?:KIA|SIA)[A-Z2-7]{16})(?![A-Za-z0-9/+=])"),
    before=1,
    after=256,
    describe=_describe,
)
