"""Tokens of Kubernetes service accounts, bound and of Secrets (kubernetes.io: service accounts)."""

from typing import Final

from tidewaiter.scan.json_web_token import AFTER, KEYWORDS, PATTERN, account, claims, ends, is_of_kubernetes
from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat


def _accept(token: bytes) -> bool:
    """Accept tokens whose claims speak of a service account only."""
    found = claims(token)
    return found is not None and is_of_kubernetes(found)


def _describe(token: bytes) -> str:
    found = claims(token) or {}
    return f"of {account(found)}, {ends(found)}"


FORMAT: Final = TokenFormat(
    id="kubernetes-token",
    title="Kubernetes service account token",
    tags=frozenset({"token", "cloud"}),
    keywords=KEYWORDS,
    pattern=LazyPattern(PATTERN),
    before=1,
    after=AFTER,
    accept=_accept,
    describe=_describe,
)
