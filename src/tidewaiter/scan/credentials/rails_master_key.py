"""Keys of encrypted credentials of Rails (guides.rubyonrails.org: security, custom credentials)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_hexadecimal_secret

FORMAT: Final = TokenFormat(
    id="rails-master-key",
    title="Rails master key",
    tags=frozenset({"key"}),
    files=("master.key", "production.key", "staging.key", "development.key", "test.key"),
    pattern=LazyPattern(
        rb"\A(?P<token>[a-f0-9]{32})\s{0,3}\Z",
        re.MULTILINE,
    ),
    accept=is_hexadecimal_secret,
)
