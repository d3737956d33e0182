"""Server passwords and passphrases in Maven's settings (maven.apache.org: settings reference); `{…}` is encrypted."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="maven-settings-password",
    title="Password in Maven settings",
    tags=frozenset({"password", "registry"}),
    files=("settings.xml", "settings-security.xml"),
    pattern=LazyPattern(
        rb"<(?:password|passphrase|master)>\s{0,10}(?P<token>[^<>\s{$][^<>\s]{3,400})\s{0,10}</",
        re.MULTILINE,
    ),
    accept=is_password,
    is_generic=True,
)
