"""Cloudflare API tokens and global keys (developers.cloudflare.com: create API token)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="cloudflare-token",
    title="Cloudflare API token",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"cloudflare", b"CLOUDFLARE", b"Cloudflare", b"CF_API_TOKEN", b"CF_API_KEY"),
    pattern=assigned(rb"(?:cloudflare|cf)_?(?:[a-z]{1,20}_?)?(?:token|key)", rb"[A-Za-z0-9_-]{40}|[a-f0-9]{37}"),
    before=0,
    after=256,
    accept=looks_random,
)
