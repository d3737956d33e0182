"""AWS secret access keys: 40 characters without a mark of their own, so only beside their name."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_placeholder


def _accept(token: bytes) -> bool:
    """Refuse words and hex digests: a secret key mixes upper case, lower case and digits."""
    mixed = all(re.search(kind, token) for kind in (rb"[A-Z]", rb"[a-z]", rb"[0-9]"))
    return mixed and len(set(token)) >= 16 and not is_placeholder(token)


FORMAT: Final = TokenFormat(
    id="aws-secret-key",
    title="AWS secret access key",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"secret_access_key", b"SECRET_ACCESS_KEY", b"SecretAccessKey", b"secretAccessKey"),
    pattern=LazyPattern(
        rb"(?i:secret_?access_?key)['\"]?\s{0,5}[:=]{1,2}>?\s{0,5}['\"]?(?P<token>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    accept=_accept,
)
