"""Judges one installed version against every row about its package, record by record, then joins what means the same."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Row
from tidewaiter.core.vuln.aliases import join, ranked
from tidewaiter.core.vuln.intervals import contains
from tidewaiter.core.vuln.versions import Keys

# When one record or several joined ones disagree, the earlier status is told: a defect with a fix to come asks for more.
_WEIGHT = {
    status: place
    for place, status in enumerate(
        (
            Status.AFFECTED,
            Status.FIX_DEFERRED,
            Status.WILL_NOT_FIX,
            Status.END_OF_LIFE,
            Status.UNDER_INVESTIGATION,
            Status.UNKNOWN,
            Status.FIXED,
            Status.NOT_AFFECTED,
        )
    )
}


_SETTLED = frozenset({Status.FIXED, Status.NOT_AFFECTED})
_VULNERABLE = frozenset(status for status in Status if status.is_vulnerable)


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What one record says about the installed version."""

    row: Row
    """The row that decided; any row of the record when none applied."""
    status: Status
    fixed: str | None = None
    """The fix above the installed version when it is vulnerable; the fix it already has when it is fixed."""
    why: str = ""
    """Why the status is unknown: `refused version`, `refused bound`, or empty when the feed itself leaves it open."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What all joined records together say; `judgements` holds those that carry the status first."""

    ids: tuple[str, ...]
    """The reported id first, CVEs before all others; in no such order for what is fixed or not affected."""
    status: Status
    fixed: str | None = None
    judgements: tuple[Judgement, ...]


def judge(rows: Iterable[Row], version: str, keys: Keys, precedence: Mapping[str, int]) -> list[Verdict]:
    """Return one verdict per defect; `precedence` maps a feed to its number, the lowest is believed.

    Feeds compete only where they speak of one id under one key; the result does not depend on the order of the rows.
    """
    records: dict[tuple[str, str], list[Row]] = {}
    believed: dict[str, int] = {}
    for row in rows:
        records.setdefault((row.id, f"{row.feed}\x1f{row.record}"), []).append(row)
        number = precedence.get(row.feed, 0)
        if number < believed.get(row.id, number + 1):
            believed[row.id] = number
    judged = [
        _record(group, version, keys)
        for (identity, _), group in sorted(records.items())
        if precedence.get(group[0].feed, 0) == believed[identity]
    ]
    return [_joined(ids, group, keys) for ids, group in join([((j.row.id, *j.row.aliases), j) for j in judged])]


def _record(rows: Sequence[Row], version: str, keys: Keys) -> Judgement:
    refused = not keys.is_valid(version)
    if len(rows) == 1 and not refused and (rows[0].interval.hi is not None or rows[0].interval.lo):
        return _single(rows[0], version, keys)
    inside: list[Row] = []
    unknown: Row | None = None
    for row in rows:
        interval = row.interval
        if interval.hi is None and not interval.lo:
            inside.append(row)  # holds for every version: nothing to compare
        elif interval.lo == interval.hi == version:
            inside.append(row)  # the very text is listed: nothing to compare either
        elif refused or not _is_comparable(row, keys):
            unknown = _first(unknown, row)
        elif contains(interval, version, keys):
            inside.append(row)
    if inside:
        row = min(inside, key=lambda item: (_WEIGHT[item.status], *_total(item)))
        if row.status in _VULNERABLE or unknown is None:
            fixes = [other.interval.fixed for other in inside if other.status in _VULNERABLE]
            return Judgement(row=row, status=row.status, fixed=_lowest(fixes, version, keys, refused=refused))
    if unknown is not None:
        return Judgement(row=unknown, status=Status.UNKNOWN, why="refused version" if refused else "refused bound")
    return _outside(rows, version, keys)


def _single(row: Row, version: str, keys: Keys) -> Judgement:
    """Judge by the one row that most records have, by the same rules as several but without sorting anything."""
    interval = row.interval
    is_listed = interval.lo == interval.hi == version
    if not is_listed and not _is_comparable(row, keys):
        return Judgement(row=row, status=Status.UNKNOWN, why="refused bound")
    if is_listed or contains(interval, version, keys):
        fixed = interval.fixed
        above = fixed is not None and row.status in _VULNERABLE and keys[fixed] > keys[version]
        return Judgement(row=row, status=row.status, fixed=fixed if above else None)
    fixed = interval.fixed
    if fixed is not None and keys[version] >= keys[fixed] and keys[version] >= keys[interval.hi or ""]:
        return Judgement(row=row, status=Status.FIXED, fixed=fixed)
    return Judgement(row=row, status=Status.NOT_AFFECTED)


def _outside(rows: Sequence[Row], version: str, keys: Keys) -> Judgement:
    """Judge a version that lies in no interval by the nearest one below it, which may have ended with a fix."""
    key = keys[version]
    below = [row for row in rows if row.interval.hi is not None and keys[row.interval.hi] <= key]
    if not below:
        return Judgement(row=min(rows, key=_total), status=Status.NOT_AFFECTED)
    nearest = max(below, key=lambda row: (keys[row.interval.hi or ""], *_total(row)))
    fixed = nearest.interval.fixed
    if fixed is None or keys[fixed] > key:
        return Judgement(row=nearest, status=Status.NOT_AFFECTED)
    return Judgement(row=nearest, status=Status.FIXED, fixed=fixed)


def _joined(ids: tuple[str, ...], group: Sequence[Judgement], keys: Keys) -> Verdict:
    if len(group) == 1:
        if group[0].status not in _SETTLED:
            ids = ranked(ids)
        return Verdict(ids=ids, status=group[0].status, fixed=group[0].fixed, judgements=(group[0],))
    ordered = tuple(sorted(group, key=lambda j: (_WEIGHT[j.status], j.fixed is None, _order(j, keys))))
    status = ordered[0].status
    if status not in _SETTLED:
        ids = ranked(ids)
    carriers = [
        j.fixed for j in ordered if j.fixed is not None and (j.status in _VULNERABLE) == (status in _VULNERABLE)
    ]
    fixed = min(carriers, key=lambda text: (keys[text], text), default=None)
    return Verdict(ids=ids, status=status, fixed=fixed, judgements=ordered)


def _order(judgement: Judgement, keys: Keys) -> tuple[object, ...]:
    fixed = judgement.fixed
    return ((keys[fixed], fixed) if fixed is not None else (), judgement.row.feed, judgement.row.record)


def _total(row: Row) -> tuple[str, ...]:
    """Return what tells the rows of one record apart, so that equally good ones have an order of their own."""
    return str(row.interval), row.interval.fixed or "", row.status.value, row.vendor_severity


def _lowest(fixes: Iterable[str | None], version: str, keys: Keys, *, refused: bool) -> str | None:
    key = keys[version]
    above = [fix for fix in fixes if fix is not None and (refused or keys[fix] > key)]
    return min(above, key=lambda text: (keys[text], text), default=None)


def _is_comparable(row: Row, keys: Keys) -> bool:
    lo, hi = row.interval.lo, row.interval.hi
    return (not lo or keys.is_valid(lo)) and (hi is None or keys.is_valid(hi))


def _first(one: Row | None, other: Row) -> Row:
    return other if one is None or _total(other) < _total(one) else one
