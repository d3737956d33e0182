"""Passwords in connection strings of ADO.NET and ODBC (learn.microsoft.com: connection string syntax)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="connection-string-password",
    title="Password in a connection string",
    tags=frozenset({"password", "database"}),
    keywords=(b"User Id=", b"User ID=", b"user id=", b"Uid=", b"UID="),
    pattern=LazyPattern(
        rb"(?i:user id|uid)=[^;\"'\r\n]{1,100};\s{0,3}(?i:password|pwd)=(?P<token>[^;\"'\s<>{$%]{6,128})"
    ),
    before=0,
    after=256,
    accept=is_password,
    is_generic=True,
)
