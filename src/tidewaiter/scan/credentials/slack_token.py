"""Slack bot, user, app and refresh tokens (docs.slack.dev: authentication/tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="slack-token",
    title="Slack token",
    tags=frozenset({"vendor", "chat"}),
    version=2,
    keywords=(b"xoxe-", b"xoxe.xox", b"xoxb-", b"xoxp-", b"xoxa-", b"xoxr-", b"xoxs-", b"xapp-"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9-])(?P<token>(?:xoxe-\d-[A-Za-z0-9+/]{140,200}|xoxe\.xox[bp]-\d-[A-Za-z0-9+/]{150,200}|xox[bpars]-(?:\d-)?\d{6,15}-[A-Za-z0-9-]{16,200}|xapp-\d-[A-Z0-9]{8,12}-\d{10,14}-[a-z0-9]{40,80}))(?![A-Za-z0-9])"
    ),
    before=1,
    after=300,
)
