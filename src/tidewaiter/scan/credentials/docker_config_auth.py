"""Registry passwords in Docker's `config.json`, `.dockerconfigjson` and `.dockercfg` (docs.docker.com: docker login)."""

import base64
import binascii
import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_placeholder


def _accept(token: bytes) -> bool:
    """Accept base 64 of `user:password` only."""
    try:
        user, colon, password = base64.b64decode(token, validate=True).partition(b":")
    except binascii.Error:
        return False
    return bool(user and colon and password) and not is_placeholder(password)


FORMAT: Final = TokenFormat(
    id="docker-config-auth",
    title="Registry password in a Docker configuration",
    tags=frozenset({"password", "registry"}),
    files=("config.json", ".dockerconfigjson", ".dockercfg", "auth.json"),
    pattern=LazyPattern(rb"\"auth\"\s{0,5}:\s{0,5}\"(?P<token>[A-Za-z0-9+/]{8,2000}={0,2})\"", re.MULTILINE),
    accept=_accept,
)
