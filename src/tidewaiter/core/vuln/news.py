"""What two matches of one package tell differently, as far as somebody has to act on it or may stop doing so."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import msgspec

from tidewaiter.core.vuln.rematch import Told

Kind = Literal["affected", "exploited", "fix", "severity", "changed", "gone"]
KINDS: Final[tuple[Kind, ...]] = ("affected", "exploited", "fix", "severity", "changed", "gone")
"""In the order of urgency: newly affected, now exploited, a fix came out, more severe, anything else, no longer."""
_RANKS: Final = {"critical": 0, "high": 1, "medium": 2, "unknown": 2, "low": 3, "info": 4}


class News(msgspec.Struct, frozen=True, kw_only=True):
    """One difference in one package."""

    kind: Kind
    told: Told
    """What is told now; of what is gone, what was told last."""
    before: str = ""
    """What was told before, in a few words: the severity, the fix, or why it was not counted."""
    renamed: str = ""
    """The id under which it was told before, when that is another one."""


def news_of(before: Sequence[Told], after: Sequence[Told]) -> Iterator[News]:
    """Yield what changed, each defect once, with the most urgent word for it.

    A defect is the same while any of its ids is. Suppressed findings do not count: one that becomes counted is newly
    affected, one that becomes suppressed is gone with the reason in `before`.
    """
    # Nearly all of a long list is as it was.
    old_by_id = {one.id: one for one in before}
    same = {one.id for one in after if old_by_id.get(one.id) == one}
    before = [one for one in before if one.id not in same]
    after = [one for one in after if one.id not in same]
    known = {name: one for one in before for name in one.names}
    met: set[str] = set()
    for one in after:
        old = known.get(one.id) or next((known[name] for name in one.aliases if name in known), None)
        if old is not None:
            met |= old.names
        yield from _changed(old, one)
    for old in _counted(before):
        if not met & old.names:
            yield News(kind="gone", told=old)


def rank_of(told: Told) -> tuple[int, str]:
    """Return the sort key of a finding: the most severe first, then by id."""
    return _RANKS.get(told.severity, 2), told.id


def is_at_least(told: Told, severity: str) -> bool:
    """Tell whether a finding is as severe as a word; unknown severities rank with medium."""
    return _RANKS.get(told.severity, 2) <= _RANKS[severity]


def _changed(old: Told | None, new: Told) -> Iterator[News]:
    renamed = old.id if old is not None and old.id != new.id else ""
    if old is None or old.suppressed:
        if not new.suppressed:
            yield News(kind="affected", told=new, before=old.suppressed if old is not None else "", renamed=renamed)
        return
    if new.suppressed:
        yield News(kind="gone", told=new, before="counted", renamed=renamed)
    elif new.kev and not old.kev:
        yield News(kind="exploited", told=new, renamed=renamed)
    elif new.fixed is not None and old.fixed is None:
        yield News(kind="fix", told=new, renamed=renamed)
    elif _RANKS.get(new.severity, 2) < _RANKS.get(old.severity, 2):
        yield News(kind="severity", told=new, before=old.severity, renamed=renamed)
    elif words := _difference(old, new):
        yield News(kind="changed", told=new, before=words, renamed=renamed)


def _difference(old: Told, new: Told) -> str:
    """Return what was told before about what people act on; titles, texts and names of records are none of it."""
    pairs = (
        ("id", old.id, new.id),
        ("severity", old.severity, new.severity),
        ("fixed", old.fixed or "none", new.fixed or "none"),
        ("status", old.status, new.status),
        ("needs", old.fix_needs or "nothing", new.fix_needs or "nothing"),
        ("exploited", str(old.kev).lower(), str(new.kev).lower()),
        ("kind", old.kind, new.kind),
    )
    return ", ".join(f"{name} {was}" for name, was, now in pairs if was != now)


def _counted(tolds: Iterable[Told]) -> Iterator[Told]:
    return (one for one in tolds if not one.suppressed)
