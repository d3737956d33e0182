"""Bearer tokens and passwords of users in kubeconfig files (kubernetes.io: kubeconfig v1)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="kubeconfig-token",
    title="Token or password in a kubeconfig",
    tags=frozenset({"cloud"}),
    files=(
        "kubeconfig",
        "admin.conf",
        "super-admin.conf",
        "kubelet.conf",
        "controller-manager.conf",
        "scheduler.conf",
        "k3s.yaml",
        "kubeconfig.yaml",
        "kubeconfig.yml",
    ),
    pattern=LazyPattern(
        rb"^\s{0,40}(?:- )?(?:token|password|id-token|refresh-token):[ \t]{1,5}[\"']?(?P<token>[^\s\"'{$]{8,4000})",
        re.MULTILINE,
    ),
    accept=is_password,
    is_generic=True,
)
