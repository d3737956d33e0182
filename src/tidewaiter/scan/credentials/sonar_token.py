"""SonarQube user, project and global analysis tokens (docs.sonarsource.com: managing your tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="sonar-token",
    title="SonarQube token",
    tags=frozenset({"vendor", "quality"}),
    keywords=(b"squ_", b"sqp_", b"sqa_"),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9_-])(?P<token>(?:squ_|sqp_|sqa_)[a-f0-9]{40})(?![A-Za-z0-9_-])"),
    before=1,
    after=256,
)
