"""PagerDuty REST API keys (support.pagerduty.com: API access keys)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="pagerduty-key",
    title="PagerDuty API key",
    tags=frozenset({"vendor", "monitoring"}),
    keywords=(b"pagerduty", b"PAGERDUTY", b"PagerDuty"),
    pattern=assigned(rb"pagerduty", rb"[uy]\+[A-Za-z0-9_-]{18}|[a-zA-Z0-9_-]{20}"),
    before=0,
    after=256,
    accept=looks_random,
)
