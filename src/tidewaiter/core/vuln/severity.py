"""How severe a joined vulnerability is, and who said so (scanning guide 9.5)."""

from collections.abc import Iterable, Sequence

import msgspec

from tidewaiter.core.model.severity import Severity
from tidewaiter.core.vuln.advisory import Opinion, Row
from tidewaiter.core.vuln.cvss import Score

_WORDS = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "important": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "low": Severity.LOW,
    "unimportant": Severity.LOW,
    "negligible": Severity.LOW,
}


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """The severity with its source, and the best CVSS score whether it decided or not."""

    severity: Severity = Severity.UNKNOWN
    source: str = ""
    """`vendor debian-tracker`, `cvss 3.1 GHSA-…`, `database GHSA-…`, `malicious`; empty when nobody said anything."""
    score: Score | None = None


def word(text: str) -> Severity | None:
    """Return the severity that a feed's word means, None for empty and unknown words."""
    return _WORDS.get(text.strip().lower())


def rate(rows: Sequence[Row], opinions: Sequence[Opinion] = ()) -> Rating:
    """Return the rating by the vendor, else by CVSS, else by the database's word; records of other packages come last.

    Records of the same defect rarely agree: within one step the worst counts, so that the answer has no order.
    """
    best, record = _best((row.record, row.cvss) for row in rows)
    if best is None and opinions:
        best, record = _best((opinion.record, opinion.cvss) for opinion in opinions)
    if any(row.kind == "malicious" for row in rows):
        return Rating(severity=Severity.CRITICAL, source="malicious", score=best)
    vendor = _worst((row.feed, row.vendor_severity) for row in rows)
    if vendor is not None:
        return Rating(severity=vendor[0], source=f"vendor {vendor[1]}", score=best)
    if best is not None:
        return Rating(severity=best.severity, source=f"cvss {best.version} {record}", score=best)
    own = [(row.record, row.database_severity) for row in rows]
    for group in (own, [(opinion.record, opinion.severity) for opinion in opinions]):
        said = _worst(group)
        if said is not None:
            return Rating(severity=said[0], source=f"database {said[1]}")
    return Rating()


def _best(voices: Iterable[tuple[str, Score | None]]) -> tuple[Score | None, str]:
    scored = [(score, name) for name, score in voices if score is not None]
    if len(scored) < 2:
        return scored[0] if scored else (None, "")
    return max(scored, key=lambda pair: (pair[0].version, pair[0].score, pair[0].vector, pair[1]))


def _worst(said: Iterable[tuple[str, str]]) -> tuple[Severity, str] | None:
    found = [(severity, name) for name, text in said if text and (severity := word(text)) is not None]
    return max(found, key=lambda pair: (pair[0].rank, pair[1]), default=None)
