"""Long-term API keys of Amazon Bedrock (docs.aws.amazon.com: Bedrock API keys)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="aws-bedrock-key",
    title="AWS Bedrock API key",
    tags=frozenset({"vendor", "cloud", "ai"}),
    keywords=(b"ABSKQmVkcm9ja0FQSUtleS",),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>ABSKQmVkcm9ja0FQSUtleS[A-Za-z0-9+/]{80,130}={0,2})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
