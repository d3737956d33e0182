"""The use case of `tidewaiter watch run`: what new advisories change in images that were seen before."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from msgspec import structs

from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.vuln import AdvisorySource
from tidewaiter.core.vuln import coverage as coverage_of
from tidewaiter.core.vuln.news import KINDS, News, is_at_least, news_of, rank_of
from tidewaiter.core.vuln.rematch import Told, rematch
from tidewaiter.operations.watch_report import (
    URGENT,
    SeenIn,
    WatchNews,
    WatchReport,
    WatchUnknown,
    told_unknowns,
)
from tidewaiter.ports.inventories import InventoryError, KnownImage, Session, Touched, Watch

_OLD_HOURS: Final = 24.0
_STALE_HOURS: Final = 120.0
_NAMED: Final = 3
_UPDATE: Final = "run `tidewaiter db update`"
_Found = dict[tuple[int, News], tuple[Package, list[int]]]
"""News by package, with the images."""


def run(
    watch: Watch,
    advisories: AdvisorySource,
    *,
    now: datetime,
    version: str,
    fail_on: str = "low",
    deliver: Callable[[WatchReport], None] = lambda _: None,
) -> WatchReport:
    """Match again what advisories changed and return the news; InventoryError, AdvisoryError.

    `deliver` gets the report before anything is kept: when it raises, the next pass tells the same again. `fail_on` is
    the lowest severity of newly affected and newly exploited findings for which the pass fails.
    """
    if not (count := watch.count()):
        raise InventoryError("no image is known yet", "scan some, or name them: `tidewaiter watch add REFERENCE…`")
    with watch.session(advisories, now=_text(now)) as session:
        touched = session.touched()
        answers, refused = rematch([one.group for one in touched], advisories)
        found: _Found = {}
        for one, answer in zip(touched, answers, strict=True):
            _compare(session, one, answer, found)
        news = _told(session, found, _text(now))
        unknowns = told_unknowns([*_data(session, advisories, now), *refused])
        report = _decided(
            WatchReport(
                version=version,
                created=_text(now),
                advisories=advisories.built,
                images=count,
                changed_keys=session.changed_keys,
                matched=sum(len(images) * len(one.numbers) for one in touched for images in one.images.values()),
                news=news,
                unknowns=unknowns,
                verdict="pass",
                exit_code=0,
                reasons=(),
            ),
            fail_on,
        )
        deliver(report)
        session.keep()
    return report


def _compare(session: Session, one: Touched, answer: Mapping[Package, tuple[Told, ...]], found: _Found) -> None:
    """Note what is told of a group now, wherever it differs."""
    for results, images in one.images.items():
        for number, package, result in zip(one.numbers, one.group.packages, results, strict=True):
            before, after = session.told(result), answer.get(package, ())
            if before == after:
                continue
            differences = list(news_of(before, after))
            session.tell(number, images, after, _first(before, after))
            for news in differences:
                found.setdefault((number, news), (package, []))[1].extend(images)


def _first(before: Sequence[Told], after: Sequence[Told]) -> Mapping[str, str]:
    """Map the ids that were not told before to those under which the same defects went, empty for new defects."""
    told = {one.id for one in before}
    new = [one for one in after if one.id not in told]
    known = {name: one.id for one in before for name in one.names} if new else {}
    return {one.id: next((known[name] for name in (one.id, *one.aliases) if name in known), "") for one in new}


def _told(session: Session, found: _Found, now: str) -> tuple[WatchNews, ...]:
    """Return the news, the most urgent first."""
    images = session.images({image for _, numbers in found.values() for image in numbers})
    seen: dict[tuple[int, str], SeenIn] = {}
    told = []
    for (number, news), (package, numbers) in found.items():
        since = (session.since(number, news.renamed or news.told.id) or now) if news.kind != "affected" else now
        where = _seen_in(images, numbers, since, seen)
        order = (KINDS.index(news.kind), rank_of(news.told), package.name, package.version)
        told.append((order, _news(news, package, where)))
    return tuple(one for _, one in sorted(told, key=lambda pair: (pair[0], pair[1].purl)))


def _seen_in(
    images: Mapping[int, KnownImage], numbers: Iterable[int], since: str, seen: dict[tuple[int, str], SeenIn]
) -> tuple[SeenIn, ...]:
    found = []
    for number in dict.fromkeys(numbers):
        one = seen.get((number, since))
        if one is None:
            image = images[number]
            name = next(iter((*image.current, *image.names)), image.digest)
            one = seen[number, since] = SeenIn(
                name=name,
                digest=image.digest,
                is_current=bool(image.current or image.uses or not image.names),
                since=max(since, image.first_seen),
                uses=image.uses,
            )
        found.append(one)
    return tuple(sorted(found, key=lambda one: (not one.is_current, one.name, one.digest)))


def _news(news: News, package: Package, images: tuple[SeenIn, ...]) -> WatchNews:
    told = news.told
    return WatchNews(
        kind=news.kind,
        id=told.id,
        aliases=told.aliases,
        severity=told.severity,
        package=package.name,
        version=package.version,
        purl=package.purl,
        source=package.source[0],
        fixed=told.fixed,
        status=told.status,
        cvss=told.cvss,
        kev=told.kev,
        before=news.before,
        renamed=news.renamed,
        suppressed=told.suppressed,
        title=told.title,
        match=told.match,
        feed=told.feed,
        defect=told.kind,
        images=images,
    )


def _data(session: Session, advisories: AdvisorySource, now: datetime) -> Iterator[Unknown]:
    """Yield what the data cannot answer: it is older than what was used before, too old, or silent about a place."""
    if session.newer:
        reason = (
            f"built {advisories.built}, but images were matched with data built {session.newer[-1]} already;"
            " those were left as they are"
        )
        yield Unknown(subject="advisory data", reason=reason, advice=_UPDATE)
    if gaps := session.gaps():
        reason = f"{_count(len(gaps), 'image')} could not be read in full: {_list(gaps)}"
        advice = "scan again, `tidewaiter scan` tells what is missing; `watch forget` if an image is gone"
        yield Unknown(subject="inventories", reason=reason, advice=advice)
    places = session.places()
    coverage = coverage_of.describe(
        places, built=advisories.built, feeds=advisories.feeds(), extents=advisories.extents(), now=now
    )
    yield from coverage_of.unknowns(coverage, places)
    age = _age(advisories.built, now)
    if age is None or age > _OLD_HOURS:
        words = "at no time that is told" if age is None else f"{age / 24:.1f} days ago"
        stale = age is None or age > _STALE_HOURS
        reason = f"built {words}, so that news since then is missing"
        yield Unknown(subject="advisory data", reason=reason, advice=_UPDATE, incomplete=stale)


def _decided(report: WatchReport, fail_on: str) -> WatchReport:
    """Return the report with verdict, exit code and reasons (decision 2: 1 before 3 before 0)."""
    urgent = [one for one in report.news if _fails(one, fail_on)]
    gaps = [one for one in report.unknowns if one.incomplete]
    images = {(seen.digest, seen.name) for one in urgent for seen in one.images if seen.is_current}
    reasons = []
    if urgent:
        count = len({(one.id, one.purl) for one in urgent})
        reasons.append(f"{_count(len(images), 'image')} newly affected by {_count(count, 'finding')}")
    if gaps:
        reasons.append(f"{_count(len(gaps), 'question')} without answer: {_subjects(gaps)}")
    if not reasons:
        reasons.append("nothing that has to be acted on is new")
    verdict: Literal["pass", "fail", "incomplete"] = "fail" if urgent else "incomplete" if gaps else "pass"
    code = {"pass": 0, "fail": 1, "incomplete": 3}[verdict]
    return structs.replace(report, verdict=verdict, exit_code=code, reasons=tuple(reasons))


def _fails(one: WatchNews, fail_on: str) -> bool:
    """Tell whether a piece of news asks somebody to act: new or newly exploited, severe enough, in a current image."""
    if one.kind not in URGENT or one.defect == "informational" or not any(seen.is_current for seen in one.images):
        return False
    return one.defect == "malicious" or is_at_least(Told(id=one.id, severity=one.severity), fail_on)


def _subjects(gaps: Sequence[WatchUnknown]) -> str:
    return _list(list(dict.fromkeys(one.subject for one in gaps)))


def _list(named: Sequence[str]) -> str:
    rest = len(named) - _NAMED
    return ", ".join(named[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}"


def _text(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _age(text: str, now: datetime) -> float | None:
    """Return hours since a time; None when the text tells none."""
    try:
        built = datetime.fromisoformat(text)
    except ValueError:
        return None
    built = built if built.tzinfo else built.replace(tzinfo=UTC)
    return max((now - built).total_seconds(), 0.0) / 3600
