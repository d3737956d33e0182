"""How reports write the time of the run and which data answered."""

from tidewaiter.core.model.vulnerability import Coverage
from tidewaiter.core.report import AdvisoryFacts
from tidewaiter.ports.clock import Clock


def told_time(clock: Clock) -> str:
    """Return the time of the run as reports write it."""
    return clock.now().isoformat(timespec="seconds")


def advisory_facts(coverage: Coverage | None) -> AdvisoryFacts:
    """Return which data answered."""
    if coverage is None:
        return AdvisoryFacts()
    return AdvisoryFacts(built=coverage.built, age=coverage.age_hours, missing=coverage.missing)
