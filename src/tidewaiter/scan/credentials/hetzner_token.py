"""Hetzner Cloud API tokens (docs.hetzner.cloud: authentication)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="hetzner-token",
    title="Hetzner Cloud token",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"HCLOUD_TOKEN", b"hcloud_token", b"hcloud-token"),
    pattern=assigned(rb"hcloud[_-]token", rb"[A-Za-z0-9]{64}"),
    before=0,
    after=256,
    accept=looks_random,
)
