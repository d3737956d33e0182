"""`Authorization: Basic` headers, base 64 of `user:password` (RFC 7617)."""

import base64
import binascii
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

_SAMPLES: Final = frozenset({b"aladdin", b"s6bhdrkqt3", b"user", b"username", b"test", b"foo"})
"""Users of the examples of RFC 7617, RFC 6749 and of many texts."""


def _accept(token: bytes) -> bool:
    """Accept base 64 of `user:password` only."""
    try:
        user, colon, password = base64.b64decode(token, validate=True).partition(b":")
    except binascii.Error:
        return False
    return bool(user and colon and len(password) >= 6) and user.lower() not in _SAMPLES and is_password(password)


FORMAT: Final = TokenFormat(
    id="basic-authorization",
    title="Password in an HTTP header",
    tags=frozenset({"password"}),
    keywords=(b"Authorization: Basic ", b"authorization: Basic ", b"Authorization: basic "),
    pattern=LazyPattern(rb"[Aa]uthorization: [Bb]asic (?P<token>[A-Za-z0-9+/]{12,400}={0,2})(?![A-Za-z0-9+/=])"),
    before=0,
    after=256,
    accept=_accept,
)
