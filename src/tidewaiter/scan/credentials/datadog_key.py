"""Datadog API and application keys, hex digits that only their name tells (docs.datadoghq.com: API and application keys)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, is_hexadecimal_secret

FORMAT: Final = TokenFormat(
    id="datadog-key",
    title="Datadog key",
    tags=frozenset({"vendor", "monitoring"}),
    keywords=(b"datadog", b"DATADOG", b"Datadog", b"DD_API_KEY", b"DD_APP_KEY", b"DD_APPLICATION_KEY"),
    pattern=assigned(rb"(?:datadog|dd)_?(?:api|app|application)_?key", rb"[a-f0-9]{40}|[a-f0-9]{32}"),
    before=0,
    after=256,
    accept=is_hexadecimal_secret,
)
