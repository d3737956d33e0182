"""Okta API tokens (developer.okta.com: create an API token)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="okta-token",
    title="Okta API token",
    tags=frozenset({"vendor"}),
    keywords=(b"okta", b"OKTA", b"Okta", b"SSWS"),
    pattern=assigned(rb"(?:okta|ssws)", rb"00[A-Za-z0-9_-]{40}"),
    before=0,
    after=256,
    accept=looks_random,
)
