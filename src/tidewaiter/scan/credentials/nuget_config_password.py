"""Clear text passwords of package feeds (learn.microsoft.com: nuget.config reference)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat, is_password

FORMAT: Final = TokenFormat(
    id="nuget-config-password",
    title="Feed password in NuGet.Config",
    tags=frozenset({"password", "registry"}),
    keywords=(b"ClearTextPassword",),
    pattern=LazyPattern(rb"ClearTextPassword[\"']\s{1,5}value\s{0,3}=\s{0,3}[\"'](?P<token>[^\"'\r\n]{4,400})[\"']"),
    before=0,
    after=256,
    accept=is_password,
    is_generic=True,
)
