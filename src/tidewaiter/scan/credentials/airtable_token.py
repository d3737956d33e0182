"""Airtable personal access tokens (airtable.com/developers: personal access tokens)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="airtable-token",
    title="Airtable token",
    tags=frozenset({"vendor"}),
    keywords=(b"airtable", b"AIRTABLE", b"Airtable"),
    pattern=assigned(rb"airtable", rb"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}|key[A-Za-z0-9]{14}"),
    before=0,
    after=256,
    accept=looks_random,
)
