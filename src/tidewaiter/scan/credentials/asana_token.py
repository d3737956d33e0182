"""Asana personal access tokens (developers.asana.com: personal access token)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="asana-token",
    title="Asana token",
    tags=frozenset({"vendor"}),
    keywords=(b"asana", b"ASANA", b"Asana"),
    pattern=assigned(rb"asana", rb"[0-2]/[0-9]{16}(?:/[0-9]{16})?:[a-f0-9]{32}"),
    before=0,
    after=256,
    accept=looks_random,
)
