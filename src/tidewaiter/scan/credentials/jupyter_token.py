"""Tokens and password hashes in the configuration of Jupyter (jupyter-server.readthedocs.io: security)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, is_password

FORMAT: Final = TokenFormat(
    id="jupyter-token",
    title="Token of a Jupyter server",
    tags=frozenset({"password"}),
    keywords=(
        b"NotebookApp.token",
        b"ServerApp.token",
        b"IdentityProvider.token",
        b"NotebookApp.password",
        b"ServerApp.password",
    ),
    pattern=assigned(
        rb"(?:NotebookApp|ServerApp|IdentityProvider|PasswordIdentityProvider)\.(?:token|password)",
        rb"[A-Za-z0-9:$,=+/_-]{8,300}",
    ),
    before=0,
    after=256,
    accept=is_password,
)
