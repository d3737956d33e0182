"""Attributes of Terraform states that hold secrets in clear text (developer.hashicorp.com: sensitive data in state)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="tfstate-secret",
    title="Secret in a Terraform state",
    tags=frozenset({"infrastructure"}),
    files=("terraform.tfstate", "terraform.tfstate.backup"),
    pattern=LazyPattern(
        rb"\"[a-z0-9_]{0,60}(?:password|passwd|secret|token|private_key|access_key|api_key|connection_string)[a-z0-9_]{0,20}\""
        rb"\s{0,5}:\s{0,5}\"(?P<token>[^\"\\\s]{6,2000})\"",
        re.MULTILINE,
    ),
    accept=is_password,
    is_generic=True,
)
