"""Judges one installed version against every row about its package, record by record, then joins what means the same."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Row
from tidewaiter.core.vuln.aliases import join, ranked
from tidewaiter.core.vuln.intervals import contains
from tidewaiter.core.vuln.modules import series_of, without_epoch
from tidewaiter.core.vuln.qualify import Target, Why, applies, fix_needs, level
from tidewaiter.core.vuln.verdict import Judgement, Named, Verdict
from tidewaiter.core.vuln.versions import Keys

__all__ = ["PLAIN", "Judgement", "Named", "Verdict", "judge", "judge_names", "other_builds"]

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


_NOTICES = ("USN-", "RHSA-", "RHBA-", "RHEA-", "DSA-", "DLA-", "DTSA-")
_SETTLED = frozenset({Status.FIXED, Status.NOT_AFFECTED})
_VULNERABLE = frozenset(status for status in Status if status.is_vulnerable)


class _Heard:
    """The rows of one record that speak of the package, those nearest to it."""

    __slots__ = ("level", "named", "rows", "unclear")

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.named: Named | None = None
        self.level = 0
        self.unclear: Row | None = None

    def add(self, row: Row, named: Named, rank: int) -> None:
        if self.named is None or (named is self.named and rank < self.level):
            self.rows, self.named, self.level = [row], named, rank
        elif rank == self.level and named is self.named:
            self.rows.append(row)


def judge(rows: Iterable[Row], version: str, keys: Keys, precedence: Mapping[str, int]) -> list[Verdict]:
    """Return one verdict per defect for a package with one name and nothing that rows could ask about."""
    return judge_names([Named(rows=rows, version=version, keys=keys)], precedence, PLAIN)


PLAIN = Target()
"""A package without architecture, module, flavour or subscription."""


def judge_names(names: Sequence[Named], precedence: Mapping[str, int], target: Target) -> list[Verdict]:
    """Return one verdict per defect; `precedence` maps a feed to its number, the lowest is believed.

    `names` are the package's names, the nearest first: of one record only the rows of the first name are heard. Feeds
    compete only where they speak of one id under one key; the result does not depend on the order of the rows.
    """
    if target is PLAIN and len(names) == 1:
        return _plain(names[0], precedence)
    records: dict[tuple[str, str], _Heard] = {}
    believed: dict[str, int] = {}
    for named in names:
        for row in named.rows:
            why = applies(row, target, is_source=named.is_source)
            if why is not Why.APPLIES and why is not Why.UNCLEAR:
                continue
            name = (row.id, f"{row.feed}\x1f{row.record}")
            heard = records.get(name)
            if heard is None:
                heard = records[name] = _Heard()
            if why is Why.APPLIES:
                heard.add(row, named, 0 if target is PLAIN else level(row, target))
            else:
                heard.unclear = _first(heard.unclear, row)
            number = _number(row, precedence)
            if number < believed.get(row.id, number + 1):
                believed[row.id] = number
    judged = [
        _heard(heard, target)
        for (identity, _), heard in sorted(records.items(), key=_name)
        if _number(_any_row(heard), precedence) == believed[identity]
    ]
    keys = names[0].keys
    return [_joined(ids, group, keys) for ids, group in join([((j.row.id, *j.row.aliases), j) for j in judged])]


def _plain(named: Named, precedence: Mapping[str, int]) -> list[Verdict]:
    """Judge as `judge_names` does where no row can ask about anything: most packages, so it is written to be fast."""
    records: dict[tuple[str, str, str], list[Row]] = {}
    believed: dict[str, int] = {}
    keys, version = named.keys, named.version
    for row in named.rows:
        identity = row.id
        name = (identity, row.feed, row.record)
        rows = records.get(name)
        if rows is not None:
            rows.append(row)
            continue
        records[name] = [row]
        number = _number(row, precedence)
        if number < believed.get(identity, number + 1):
            believed[identity] = number
    if len(records) == 1:
        (rows,) = records.values()
        return [_joined(tuple(dict.fromkeys((rows[0].id, *rows[0].aliases))), [_record(rows, version, keys)], keys)]
    judged = [
        _record(records[name], version, keys)
        for name in sorted(records)
        if _number(records[name][0], precedence) == believed[name[0]]
    ]
    return [_joined(ids, group, keys) for ids, group in join([((j.row.id, *j.row.aliases), j) for j in judged])]


def _number(row: Row, precedence: Mapping[str, int]) -> int:
    """Return the rank of a record; notices stand behind a feed's records of single CVEs, which follow all fixes."""
    return 2 * precedence.get(row.feed, 0) + row.record.startswith(_NOTICES)


def _name(item: tuple[tuple[str, str], _Heard]) -> tuple[str, str]:
    return item[0]


def _any_row(heard: _Heard) -> Row:
    row = heard.rows[0] if heard.rows else heard.unclear
    if row is None:  # unreachable: a record is made for a row
        raise ValueError("a record without rows")
    return row


def _heard(heard: _Heard, target: Target) -> Judgement:
    named = heard.named
    if named is None:
        return Judgement(row=_any_row(heard), status=Status.UNKNOWN, why="no module")
    judgement = _record(heard.rows, named.version, named.keys)
    version = named.version if named.is_source else ""
    needs = ""
    if heard.level and judgement.fixed is not None and judgement.status in _VULNERABLE:
        giving = [row for row in heard.rows if row.interval.fixed == judgement.fixed]
        needs = min((fix_needs(row, target) for row in giving), default="")
    if version or needs:
        judgement = msgspec.structs.replace(judgement, version=version, needs=needs)
    return judgement


def _record(rows: Sequence[Row], version: str, keys: Keys) -> Judgement:
    refused = not keys.is_valid(version)
    if len(rows) > 1 and "module" in version:
        rows = _own_build(rows, version, keys)
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
            fixed = _closing([other for other in inside if other.status in _VULNERABLE], version, keys, refused=refused)
            return Judgement(row=row, status=row.status, fixed=fixed)
    if unknown is not None:
        return Judgement(row=unknown, status=Status.UNKNOWN, why="refused version" if refused else "refused bound")
    return _outside(rows, version, keys)


def _own_build(rows: Sequence[Row], version: str, keys: Keys) -> Sequence[Row]:
    others = other_builds([row.interval.fixed for row in rows if row.interval.fixed is not None], version, keys)
    return [row for row in rows if row.interval.fixed not in others] if others else rows


def other_builds(fixes: Sequence[str], version: str, keys: Keys) -> frozenset[str]:
    """Return which fixes of one record are other builds of the update that the installed version is (decision 8.1).

    A module is built once per context, at times with build numbers of their own: the highest is not everybody's fix.
    """
    if not any(keys[fix] == keys[version] for fix in fixes):
        return frozenset()
    series = series_of(without_epoch(version))
    return frozenset(fix for fix in fixes if keys[fix] != keys[version] and series_of(without_epoch(fix)) == series)


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
        one = group[0]
        return Verdict(ids=ids, status=one.status, fixed=one.fixed, needs=one.needs, judgements=(one,))
    told = [judgement for judgement in group if judgement.why != "no module"] or group
    ordered = tuple(sorted(told, key=lambda j: (_WEIGHT[j.status], j.fixed is None, _order(j, keys))))
    status = ordered[0].status
    if status not in _SETTLED:
        ids = ranked(ids)
    carriers = [
        j.fixed for j in ordered if j.fixed is not None and (j.status in _VULNERABLE) == (status in _VULNERABLE)
    ]
    # What is to be installed must leave the ranges of all records; what is installed needs one that says fixed.
    choose = max if status in _VULNERABLE else min
    fixed = choose(carriers, key=lambda text: (keys[text], text), default=None)
    needs = min((j.needs for j in ordered if j.fixed == fixed), default="") if fixed is not None else ""
    return Verdict(ids=ids, status=status, fixed=fixed, needs=needs, judgements=ordered)


def _order(judgement: Judgement, keys: Keys) -> tuple[object, ...]:
    fixed = judgement.fixed
    return ((keys[fixed], fixed) if fixed is not None else (), judgement.row.feed, judgement.row.record)


def _total(row: Row) -> tuple[str, ...]:
    """Return what tells the rows of one record apart, so that equally good ones have an order of their own."""
    interval, asked = row.interval, row.qualifiers
    ends = f"{interval} {interval.above:d} {interval.inclusive:d} {interval.fixed or ''}"
    qualified = " ".join((asked.module, asked.flavour, asked.needs, *asked.arches, *asked.repositories))
    return ends, row.status.value, row.vendor_severity, qualified


def _closing(inside: Sequence[Row], version: str, keys: Keys, *, refused: bool) -> str | None:
    """Return the lowest fix above the version at which none of the rows around it applies any more.

    One record may name several fixes: for series of the package, for repositories, for a fix of the fix. What lies
    below another row's fix does not close the defect (decision 8.7); if every fix lies in some row, the highest is told.
    """
    key = keys[version]
    named = {row.interval.fixed for row in inside if row.interval.fixed is not None}
    above = sorted((fix for fix in named if refused or keys[fix] > key), key=lambda text: (keys[text], text))
    bounded = [row.interval for row in inside if row.interval.hi is not None]
    closing = (fix for fix in above if not any(contains(interval, fix, keys) for interval in bounded))
    return next(closing, above[-1] if above else None)


def _is_comparable(row: Row, keys: Keys) -> bool:
    lo, hi = row.interval.lo, row.interval.hi
    return (not lo or keys.is_valid(lo)) and (hi is None or keys.is_valid(hi))


def _first(one: Row | None, other: Row) -> Row:
    return other if one is None or _total(other) < _total(one) else one
