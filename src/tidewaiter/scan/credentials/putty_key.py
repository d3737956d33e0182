"""PuTTY private key files, versions 2 and 3 (the.earth.li/~sgtatham/putty: PPK file format)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="putty-key",
    title="PuTTY private key",
    tags=frozenset({"key"}),
    keywords=(b"PuTTY-User-Key-File-",),
    pattern=LazyPattern(
        rb"PuTTY-User-Key-File-[23]: [^\r\n]{1,60}[\r\n][^\0]{0,8000}?Private-Lines: [0-9]{1,3}\s{1,2}(?P<token>[A-Za-z0-9+/=]{16,}(?:\r?\n[A-Za-z0-9+/=]{4,})*)"
    ),
    before=0,
    after=16384,
)
