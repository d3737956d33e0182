"""Passwords in MySQL's and MariaDB's option files (dev.mysql.com: option files)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="mysql-config-password",
    title="Password in MySQL client options",
    tags=frozenset({"password", "database"}),
    files=(".my.cnf", "my.cnf", "client.cnf", "debian.cnf"),
    pattern=LazyPattern(
        rb"^\s{0,20}password[ \t]{0,5}=[ \t]{0,5}[\"']?(?P<token>[^\s\"'#]{4,200})",
        re.MULTILINE,
    ),
    accept=is_password,
    is_generic=True,
)
