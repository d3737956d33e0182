"""Microsoft Teams webhooks: the address is the secret (learn.microsoft.com: incoming webhook)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="teams-webhook",
    title="Microsoft Teams webhook",
    tags=frozenset({"vendor", "chat"}),
    keywords=(b"webhook.office.com/webhookb2/",),
    pattern=LazyPattern(
        rb"webhook\.office\.com/webhookb2/(?P<token>[a-f0-9-]{36}@[a-f0-9-]{36}/IncomingWebhook/[a-f0-9]{32}/[a-f0-9-]{36})"
    ),
    before=1,
    after=400,
)
