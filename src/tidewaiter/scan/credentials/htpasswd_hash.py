"""Password hashes of web servers (httpd.apache.org: password formats)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="htpasswd-hash",
    title="Password hash in .htpasswd",
    tags=frozenset({"password"}),
    files=(".htpasswd", "htpasswd"),
    pattern=LazyPattern(
        rb"^[^:#\s]{1,200}:(?P<token>\$(?:apr1|2[aby]|5|6|y)\$[./A-Za-z0-9$=,]{20,200}|\{SHA\}[A-Za-z0-9+/]{27}=)",
        re.MULTILINE,
    ),
)
