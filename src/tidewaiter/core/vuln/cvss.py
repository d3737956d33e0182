"""Scores of CVSS vectors, every version; the newest version speaks (scanning guide 9.5)."""

from collections.abc import Callable, Iterable

import msgspec

from tidewaiter.core.model.severity import Severity
from tidewaiter.core.vuln import cvss_v2, cvss_v3, cvss_v4


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A scored vector."""

    version: str
    """`4.0`, `3.1`, `3.0` or `2.0`."""
    score: float
    """0.0 to 10.0, one decimal."""
    vector: str

    @property
    def severity(self) -> Severity:
        """Return the band: 0 info, below 4 low, below 7 medium, below 9 high, else critical."""
        return band(self.score)


_SCORERS: tuple[tuple[str, str, Callable[[dict[str, str]], float]], ...] = (
    ("CVSS:4.0/", "4.0", cvss_v4.score),
    ("CVSS:3.1/", "3.1", cvss_v3.score_3_1),
    ("CVSS:3.0/", "3.0", cvss_v3.score_3_0),
    ("", "2.0", cvss_v2.score),
)


def score(vector: str) -> Score | None:
    """Return the score of a vector, None when it is not a complete vector of a known version."""
    text = vector.strip().strip("()")
    for prefix, version, scorer in _SCORERS:
        if not text.startswith(prefix):
            continue
        metrics = _metrics(text[len(prefix) :])
        try:
            return None if metrics is None else Score(version=version, score=scorer(metrics), vector=text)
        except KeyError:
            return None
    return None


def metrics_of(vector: str) -> dict[str, str]:
    """Return the metrics of a vector by their letters; empty for what is no vector."""
    text = vector.strip().strip("()")
    prefix = next(prefix for prefix, _, _ in _SCORERS if text.startswith(prefix))
    return _metrics(text[len(prefix) :]) or {}


def version_of(vector: str) -> str:
    """Return the version that a vector's prefix names; 2.0 has none."""
    return next(version for prefix, version, _ in _SCORERS if vector.startswith(prefix))


def best(vectors: Iterable[str]) -> Score | None:
    """Return the score by the newest version; among several vectors of that version, the highest."""
    scores = [found for found in map(score, vectors) if found is not None]
    return max(scores, key=lambda found: (found.version, found.score, found.vector), default=None)


def band(value: float) -> Severity:
    """Return the severity band of a score (CVSS v3.1 section 5; 0.0 is `none`, here info)."""
    for bottom, severity in (
        (9.0, Severity.CRITICAL),
        (7.0, Severity.HIGH),
        (4.0, Severity.MEDIUM),
        (0.1, Severity.LOW),
    ):
        if value >= bottom:
            return severity
    return Severity.INFO


def _metrics(text: str) -> dict[str, str] | None:
    """Return the metrics, None when a part is not `name:value` or a name stands twice."""
    metrics: dict[str, str] = {}
    for part in text.rstrip("/").split("/"):
        name, colon, value = part.partition(":")
        if not colon or not value or name in metrics:
            return None
        metrics[name] = value
    return metrics
