"""Client keys in kubeconfig files: the PEM block once more in base 64 (kubernetes.io: kubeconfig v1)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_placeholder


def _accept(token: bytes) -> bool:
    """Accept base 64 of a PEM block only."""
    return token.startswith(b"LS0tLS1CRUdJTi") and not is_placeholder(token[:400].replace(b"LS0tLS1", b""))


FORMAT: Final = TokenFormat(
    id="kubeconfig-key",
    title="Client key in a kubeconfig",
    tags=frozenset({"key", "cloud"}),
    keywords=(b"client-key-data",),
    pattern=LazyPattern(rb"client-key-data['\"]?:\s{0,5}['\"]?(?P<token>[A-Za-z0-9+/=]{120,})"),
    after=1 << 14,
    accept=_accept,
)
