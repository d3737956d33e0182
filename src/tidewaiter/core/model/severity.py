"""Severities of policies, findings and vulnerabilities (decision 2: words with one meaning)."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; compare through `rank`, `UNKNOWN` occurs for vulnerabilities only and ranks with `MEDIUM`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    UNKNOWN = "unknown"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 4 for critical down to 0 for info."""
        return _RANK[self]


_RANK = {
    Severity.CRITICAL: 4,
    Severity.HIGH: 3,
    Severity.MEDIUM: 2,
    Severity.UNKNOWN: 2,
    Severity.LOW: 1,
    Severity.INFO: 0,
}
