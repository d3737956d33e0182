r"""PEM private keys (RFC 7468), OpenSSH and PGP ones too, also with the line ends that JSON and YAML write as `\\n`."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat


def _accept(token: bytes) -> bool:
    """Refuse documentation: a real key has at least some hundred bits, real base 64, and many different characters."""
    return len(token) >= 64 and len(set(token)) >= 20 and b"EXAMPLE" not in token


FORMAT: Final = TokenFormat(
    id="private-key",
    title="Private key",
    tags=frozenset({"key"}),
    keywords=(b"PRIVATE KEY-----", b"PRIVATE KEY BLOCK-----"),
    pattern=LazyPattern(
        rb"-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr]){1,8}"
        rb"(?:[A-Za-z-]{1,40}: [^\r\n\\]{0,200}(?:[\r\n]|\\[nr]){1,8}){0,5}"
        rb"(?P<token>[A-Za-z0-9+/=]{16,}(?:(?:\s|\\[nr]){1,8}[A-Za-z0-9+/=]{4,})*)",
    ),
    starts=b"-----BEGIN ",
    before=40,
    after=1 << 14,
    accept=_accept,
)
