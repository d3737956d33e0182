"""Passwords and keys in settings of Spring, Rails and ASP.NET (docs.spring.io: externalized configuration)."""

import re
from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="application-config-secret",
    title="Secret in the settings of an application",
    tags=frozenset({"password"}),
    files=(
        "application.properties",
        "application.yml",
        "application.yaml",
        "application-prod.properties",
        "application-prod.yml",
        "application-prod.yaml",
        "application-production.properties",
        "application-production.yml",
        "bootstrap.yml",
        "bootstrap.properties",
        "database.yml",
        "secrets.yml",
        "appsettings.json",
        "appsettings.Production.json",
    ),
    pattern=LazyPattern(
        rb"^[ \t]{0,60}[\"']?[\w.-]{0,80}(?:password|passwd|secret|token|api[-_.]?key|access[-_.]?key)[\"']?[ \t]{0,5}[:=][ \t]{0,5}"
        rb"[\"']?(?P<token>[^\s\"'${#<,]{6,300})",
        re.MULTILINE | re.IGNORECASE,
    ),
    accept=is_password,
    is_generic=True,
)
