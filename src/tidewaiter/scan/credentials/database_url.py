"""Addresses of databases and queues with a password in them (RFC 3986, user information)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_placeholder

_WORDS: Final = re.compile(
    rb"pass(?:word|wd)?\d*|anonymous|postgres(?:ql)?|mysql|redis|mongo(?:db)?|rabbitmq|guest|root|admin|user(?:name)?|secret|test\w*|pwd|example|x+|\[.*|%s|%\(.*",
    re.IGNORECASE,
)


def _accept(token: bytes) -> bool:
    """Refuse words that documentation and local set-ups use, and references to variables."""
    return (
        len(token) >= 8
        and not token.startswith((b"$", b"{", b"<", b"%"))
        and not _WORDS.fullmatch(token)
        and not is_placeholder(token)
    )


FORMAT: Final = TokenFormat(
    id="database-url",
    title="Password in a database address",
    version=2,
    tags=frozenset({"password"}),
    keywords=(
        b"postgres://",
        b"postgresql://",
        b"mysql://",
        b"mongodb://",
        b"mongodb+srv://",
        b"redis://",
        b"rediss://",
        b"amqp://",
        b"amqps://",
        b"mariadb://",
        b"mssql://",
        b"sqlserver://",
        b"clickhouse://",
        b"cockroachdb://",
        b"ldaps://",
        b"smtp://",
        b"smtps://",
        b"sftp://",
        b"ftp://",
        b"nats://",
    ),
    pattern=LazyPattern(
        rb"(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|cockroachdb|ldaps"
        rb"|smtps?|s?ftp|nats)://[^\s:@/'\"<>]{0,60}:(?P<token>[^\s@/'\"<>]{1,120})@[A-Za-z0-9.\[-]"
    ),
    accept=_accept,
)
