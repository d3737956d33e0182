"""Advisory data and packages: orders of versions, joined records, verdicts (scanning guide, sections 8 to 10)."""

from tidewaiter.core.vuln.advisory import (
    Exploitation,
    Extent,
    Feed,
    Interval,
    Opinion,
    PackageKey,
    Qualifiers,
    Record,
    Row,
    Statement,
)
from tidewaiter.core.vuln.match import Judged, Matches, judge_packages, match_packages
from tidewaiter.core.vuln.source import AdvisorySource

__all__ = [
    "AdvisorySource",
    "Exploitation",
    "Extent",
    "Feed",
    "Interval",
    "Judged",
    "Matches",
    "Opinion",
    "PackageKey",
    "Qualifiers",
    "Record",
    "Row",
    "Statement",
    "judge_packages",
    "match_packages",
]
