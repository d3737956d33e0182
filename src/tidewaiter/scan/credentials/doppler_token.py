"""Doppler service, personal, CLI and SCIM tokens (docs.doppler.com: token formats)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="doppler-token",
    title="Doppler token",
    tags=frozenset({"vendor", "secret-store"}),
    keywords=(b"dp.pt.", b"dp.st.", b"dp.ct.", b"dp.sa.", b"dp.scim.", b"dp.audit."),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>(?:dp\.pt\.|dp\.st\.|dp\.ct\.|dp\.sa\.|dp\.scim\.|dp\.audit\.)(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44})(?![A-Za-z0-9_-])"
    ),
    before=1,
    after=256,
)
