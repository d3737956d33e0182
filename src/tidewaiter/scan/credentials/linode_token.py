"""Linode (Akamai) personal access tokens (techdocs.akamai.com: Linode API)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, is_hexadecimal_secret

FORMAT: Final = TokenFormat(
    id="linode-token",
    title="Linode token",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"linode", b"LINODE"),
    pattern=assigned(rb"linode", rb"[a-f0-9]{64}"),
    before=0,
    after=256,
    accept=is_hexadecimal_secret,
)
