"""PostgreSQL passwords, `host:port:database:user:password` per line (postgresql.org: the password file)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="pgpass",
    title="Password in .pgpass",
    tags=frozenset({"password"}),
    files=(".pgpass", "pgpass.conf"),
    pattern=LazyPattern(rb"^(?!#)(?:[^:\n]{1,200}:){4}(?P<token>[^\s:]{4,400})$", re.MULTILINE),
)
