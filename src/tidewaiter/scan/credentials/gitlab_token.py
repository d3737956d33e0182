"""GitLab tokens by their prefixes (docs.gitlab.com: security/tokens, token prefixes)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="gitlab-token",
    title="GitLab token",
    tags=frozenset({"vendor", "source-hosting"}),
    version=2,
    keywords=(
        b"glpat-",
        b"gldt-",
        b"glrt-",
        b"glptt-",
        b"glcbt-",
        b"glsoat-",
        b"glft-",
        b"glimt-",
        b"glagent-",
        b"gloas-",
        b"glffct-",
    ),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent|oas|ffct)-[A-Za-z0-9_-]{20,300}(?:\.[a-z0-9.]{9,30})?)(?![A-Za-z0-9])"
    ),
    before=1,
    after=400,
)
