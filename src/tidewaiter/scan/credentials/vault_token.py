"""Vault service, batch and recovery tokens (developer.hashicorp.com: vault/docs/concepts/tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="vault-token",
    title="HashiCorp Vault token",
    tags=frozenset({"vendor", "secret-store"}),
    keywords=(b"hvs.", b"hvb.", b"hvr."),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>hv[sbr]\.[A-Za-z0-9_-]{24,300})(?![A-Za-z0-9_-])"),
    before=1,
    after=350,
)
