"""Client secrets of Auth0 applications (auth0.com/docs: client secret)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="auth0-secret",
    title="Auth0 client secret",
    tags=frozenset({"vendor"}),
    keywords=(b"AUTH0_CLIENT_SECRET", b"auth0_client_secret", b"auth0ClientSecret"),
    pattern=assigned(rb"auth0_?client_?secret", rb"[A-Za-z0-9_-]{48,64}"),
    before=0,
    after=256,
    accept=looks_random,
)
