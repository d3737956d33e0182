"""Slack incoming webhooks: the address is the secret (docs.slack.dev: sending messages using incoming webhooks)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="slack-webhook",
    title="Slack incoming webhook",
    tags=frozenset({"vendor", "chat"}),
    keywords=(b"hooks.slack.com/",),
    pattern=LazyPattern(
        rb"hooks\.slack\.com/(?P<token>(?:services|workflows)/T[A-Z0-9]{8,12}/[AB][A-Z0-9]{8,12}/[A-Za-z0-9/]{23,60})(?![A-Za-z0-9])"
    ),
    before=0,
    after=256,
)
