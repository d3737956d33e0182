"""What the advisory data could speak of, and how old it is; whether that is too old is for a policy to say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Coverage
from tidewaiter.core.vuln.advisory import Extent, Feed
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS

ADVICE = "run `tidewaiter db update`, or `tidewaiter db import PATH…` with advisory data for it"
_SECONDS_PER_HOUR = 3600
_MALWARE = frozenset({"malicious-packages"})
"""Feeds that list packages made to do harm and no vulnerabilities: alone they cover nothing."""


def describe(
    places: Mapping[tuple[str, str], int],
    *,
    built: str,
    feeds: Sequence[Feed],
    extents: Sequence[Extent],
    now: datetime,
) -> Coverage:
    """Return the coverage of ecosystems and releases; `places` counts the packages of each.

    The age is that of the place whose freshest feed is oldest, so that one dead feed cannot hide behind a fresh one.
    """
    spoken: dict[tuple[str, str], list[Extent]] = {}
    for extent in extents:
        if extent.records and extent.feed not in _MALWARE:
            spoken.setdefault((extent.ecosystem, extent.release), []).append(extent)
    by_id = {feed.id: feed for feed in feeds}
    missing, fixes_only, ages = [], [], []
    for place in sorted(places):
        name = f"{place[0]}:{place[1]}" if place[1] else place[0]
        found = spoken.get(place, [])
        if not found or place[0] not in ECOSYSTEMS:
            missing.append(name)
            continue
        if all(by_id[extent.feed].fixes_only for extent in found if extent.feed in by_id):
            fixes_only.append(name)
        known = [age for extent in found if (age := _age(_taken(extent, extents, by_id), now)) is not None]
        if known:
            ages.append(min(known))
    return Coverage(
        built=built,
        age_hours=max(ages, default=None),
        feeds=tuple((feed.id, feed.taken) for feed in sorted(feeds, key=lambda feed: feed.id)),
        missing=tuple(missing),
        fixes_only=tuple(fixes_only),
    )


def unknowns(coverage: Coverage, places: Mapping[tuple[str, str], int]) -> Iterable[Unknown]:
    """Yield one Unknown per place that no feed covers, and one per place of which only fixes are known."""
    for (ecosystem, release), count in sorted(places.items()):
        name = f"{ecosystem}:{release}" if release else ecosystem
        packages = f"{count} package{'s' if count != 1 else ''}"
        if name in coverage.missing:
            reason = f"no advisory data covers {name}, {packages} not matched"
            if ecosystem not in ECOSYSTEMS:
                reason = f"{name} cannot be matched yet, {packages} not matched"
            yield Unknown(subject=name, reason=reason, advice=ADVICE if ecosystem in ECOSYSTEMS else "")
        elif name in coverage.fixes_only:
            reason = f"the data about {name} knows fixed versions only, defects that are still open are not in it"
            yield Unknown(subject=name, reason=reason, advice="import the distribution's own feed", incomplete=False)


def _taken(extent: Extent, extents: Sequence[Extent], feeds: Mapping[str, Feed]) -> str:
    """Return the time of the newest record of a feed about an ecosystem, any release; else the feed's own time."""
    dates = [e.newest for e in extents if e.feed == extent.feed and e.ecosystem == extent.ecosystem and e.newest]
    return max(dates, default=feeds[extent.feed].taken if extent.feed in feeds else "")


def _age(text: str, now: datetime) -> float | None:
    try:
        taken = datetime.fromisoformat(text)
    except ValueError:
        return None
    if taken.tzinfo is None:
        taken = taken.replace(tzinfo=UTC)
    return round(max((now - taken).total_seconds(), 0.0) / _SECONDS_PER_HOUR, 2)
