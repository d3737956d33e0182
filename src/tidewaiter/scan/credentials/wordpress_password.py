"""Database password in wp-config.php (developer.wordpress.org: editing wp-config.php)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="wordpress-password",
    title="Database password of WordPress",
    tags=frozenset({"password", "database"}),
    keywords=(b"'DB_PASSWORD'", b'"DB_PASSWORD"'),
    pattern=LazyPattern(rb"define\(\s{0,5}[\"']DB_PASSWORD[\"']\s{0,5},\s{0,5}[\"'](?P<token>[^\"'\r\n$]{4,200})[\"']"),
    before=20,
    after=256,
    accept=is_password,
    is_generic=True,
)
