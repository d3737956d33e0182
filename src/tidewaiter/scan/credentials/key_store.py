"""Key stores that hold private keys: JKS and JCEKS (OpenJDK: JavaKeyStore.java), PKCS #12 (RFC 7292).

Both say without their password whether an entry is a key; stores of certificates alone are no secrets.
"""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

_MAGICS: Final = (b"\xfe\xed\xfe\xed\0\0\0", b"\xce\xce\xce\xce\0\0\0")
_KEY_BAG: Final = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01"
"""The object identifier of key bags, 1.2.840.113549.1.12.10.1; 1 follows for a plain key, 2 for an encrypted one."""
_TRUSTED: Final = 2
_ENTRIES: Final = 10_000


def _accept(token: bytes) -> bool:
    """Return whether one entry is a private or secret key."""
    return not token.startswith(_MAGICS) or _has_key(token)


def _has_key(store: bytes) -> bool:
    count, at = _number(store, 8), 12
    for _ in range(min(count, _ENTRIES)):
        if at + 6 > len(store):
            return False
        if _number(store, at) != _TRUSTED:
            return True
        at += 6 + int.from_bytes(store[at + 4 : at + 6], "big") + 8  # tag, alias, date
        at += 2 + int.from_bytes(store[at : at + 2], "big")  # kind of the certificate
        at += 4 + _number(store, at)
    return False


def _number(store: bytes, at: int) -> int:
    return int.from_bytes(store[at : at + 4], "big")


FORMAT: Final = TokenFormat(
    id="key-store",
    title="Key store with a private key",
    tags=frozenset({"key"}),
    keywords=(*_MAGICS, _KEY_BAG),
    pattern=LazyPattern(
        rb"(?P<token>(?:\A\xfe\xed\xfe\xed|\A\xce\xce\xce\xce)\0\0\0[\x01\x02].{20,}"
        rb"|\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01[\x01\x02].{40,400})",
        re.DOTALL,
    ),
    before=0,
    after=1 << 20,
    accept=_accept,
)
