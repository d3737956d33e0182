"""Keys of Google service accounts: JSON with a private key (cloud.google.com: service account keys)."""

import base64
import binascii
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat


def _accept(token: bytes) -> bool:
    """Accept base 64 of a DER sequence as long as it says itself (ITU-T X.690)."""
    try:
        der = base64.b64decode(token.replace(b"\\n", b""), validate=True)
    except binascii.Error:
        return False
    return der[:2] == b"\x30\x82" and int.from_bytes(der[2:4], "big") == len(der) - 4


FORMAT: Final = TokenFormat(
    id="google-service-account",
    title="Key of a Google service account",
    tags=frozenset({"vendor", "cloud", "key"}),
    keywords=(b'"service_account"',),
    pattern=LazyPattern(
        rb"\"private_key\"\s{0,5}:\s{0,5}\"-----BEGIN PRIVATE KEY-----\\n(?P<token>(?:[A-Za-z0-9+/=]|\\n){200,8000})-----END"
    ),
    before=9000,
    after=9000,
    accept=_accept,
)
