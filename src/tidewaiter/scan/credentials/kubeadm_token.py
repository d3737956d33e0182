"""Bootstrap tokens, `id.secret` (kubernetes.io: authenticating with bootstrap tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="kubeadm-token",
    title="Bootstrap token of a cluster",
    tags=frozenset({"infrastructure"}),
    keywords=(b"kubeadm join", b"kubeadm init"),
    pattern=LazyPattern(
        rb"kubeadm (?:join|init)[^\r\n]{0,200}--token[ =](?P<token>[a-z0-9]{6}\.[a-z0-9]{16})(?![a-z0-9])"
    ),
    before=0,
    after=400,
)
