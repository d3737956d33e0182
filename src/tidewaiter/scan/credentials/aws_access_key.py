"""AWS access key ids (docs.aws.amazon.com: IAM identifiers); base 32, so never 0, 1, 8 or 9."""

import re
from typing import Final

from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="aws-access-key",
    title="AWS access key id",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"AKIA", b"ASIA"),
    pattern=re.compile(rb"(?<![A-Za-z0-9/+=])(?P<token>A(?:KIA|SIA)[A-Z2-7]{16})(?![A-Za-z0-9/+=])"),
    before=1,
    after=256,
)
