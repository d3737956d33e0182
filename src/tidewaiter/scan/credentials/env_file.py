"""Secrets in environment files (docs.docker.com: env file syntax) and in the environment of images."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="env-file",
    title="Secret in an environment file",
    tags=frozenset({"generic"}),
    files=(
        ".env",
        ".env.local",
        ".env.production",
        ".env.prod",
        ".env.development",
        ".env.dev",
        ".env.staging",
        ".env.stage",
        ".env.test",
        ".envrc",
        "docker.env",
        "app.env",
        "production.env",
        "secrets.env",
    ),
    pattern=LazyPattern(
        rb"(?:^|\s)[A-Za-z0-9_]{0,60}(?:PASSWORD|PASSWD|_PASS|SECRET|TOKEN|API_?KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|CREDENTIALS?)"
        rb"[0-9]{0,3}[ \t]{0,5}=[ \t]{0,5}(?:\"(?P<quoted>)|')?(?P<token>[^\s\"'$#]{6,500})",
        re.MULTILINE | re.IGNORECASE,
    ),
    accept=is_password,
    is_generic=True,
)
