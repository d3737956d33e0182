"""Signed JSON Web Tokens (RFC 7519); those of Kubernetes have a format of their own."""

from typing import Final

from tidewaiter.scan.json_web_token import AFTER, KEYWORDS, PATTERN, claims, ends, is_of_kubernetes, is_sample
from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat


def _accept(token: bytes) -> bool:
    """Refuse what is no token, samples, and tokens of Kubernetes."""
    found = claims(token)
    return found is not None and not is_of_kubernetes(found) and not is_sample(found)


FORMAT: Final = TokenFormat(
    id="jwt",
    title="JSON Web Token",
    tags=frozenset({"token"}),
    keywords=KEYWORDS,
    pattern=LazyPattern(PATTERN),
    before=1,
    after=AFTER,
    accept=_accept,
    describe=lambda token: ends(claims(token) or {}),
)
