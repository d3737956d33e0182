"""Exempts findings: any matching exception is enough, the narrowest is the one that is shown."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from tidewaiter.core.exception.document import PolicyException
from tidewaiter.core.finding import Finding
from tidewaiter.core.policy import globs
from tidewaiter.core.policy.selector import Selector, Traits

SOON: Final = timedelta(days=14)
"""How long before its end an exception is announced (policy.md 7)."""


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one exception in one run."""

    exception: PolicyException
    state: Literal["active", "expires-soon", "expired", "unused"]
    findings: int
    would_match: int = 0
    """Expired only: how many findings it would exempt if it were renewed."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """All findings again, the exempted ones marked, and what became of each exception."""

    findings: tuple[Finding, ...]
    uses: tuple[Use, ...]


def apply(
    exceptions: Sequence[PolicyException],
    findings: Iterable[Finding],
    *,
    gate: Literal["build", "deploy", "runtime"],
    now: datetime,
    traits_of: Callable[[Finding], Traits],
) -> Outcome:
    """Mark what is exempted at this gate at this time; findings keep their order, none is dropped."""
    here = [exception for exception in exceptions if not exception.gates or gate in exception.gates]
    live = sorted((one for one in here if not _is_over(one, now)), key=_narrowness, reverse=True)
    over = [one for one in here if _is_over(one, now)]
    used: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    result = []
    for finding in findings:
        traits = traits_of(finding) if here else Traits()
        chosen = next((one for one in live if _has_uses(one, used) and _matches(one, finding, traits)), None)
        missed.update(one.id for one in over if _matches(one, finding, traits))
        if chosen is None:
            result.append(finding)
            continue
        used[chosen.id] += 1
        result.append(_exempted(finding, chosen))
    return Outcome(
        findings=tuple(result),
        uses=tuple(
            Use(exception=one, state=_state(one, used[one.id], now), findings=used[one.id], would_match=missed[one.id])
            for one in here
        ),
    )


def _exempted(finding: Finding, exception: PolicyException) -> Finding:
    """Mark the finding; the effect `warn` leaves it among the answers and only takes away that it fails."""
    if exception.effect == "warn":
        return msgspec.structs.replace(finding, enforce="warn", on_unknown="warn")
    return msgspec.structs.replace(finding, exception=exception.id)


def _is_over(exception: PolicyException, now: datetime) -> bool:
    ends = exception.ends()
    return ends is not None and ends <= now


def _state(
    exception: PolicyException, uses: int, now: datetime
) -> Literal["active", "expires-soon", "expired", "unused"]:
    ends = exception.ends()
    if ends is not None and ends <= now:
        return "expired"
    if not uses:
        return "unused"
    return "expires-soon" if ends is not None and ends - now <= SOON else "active"


def _has_uses(exception: PolicyException, used: Counter[str]) -> bool:
    return exception.max_uses is None or used[exception.id] < exception.max_uses


def _matches(exception: PolicyException, finding: Finding, traits: Traits) -> bool:
    return (
        globs.any_matches(exception.policies, finding.policy)
        and (not exception.rules or globs.any_matches(exception.rules, finding.rule))
        and (not exception.values or any(globs.any_matches(exception.values, value) for value in _values(finding)))
        and exception.select.matches(traits)
    )


def _values(finding: Finding) -> set[str]:
    """Return the words that `values` may name: the judged element whole and in parts, ids and paths."""
    key = finding.subject.key
    found = {key, *key.split()} | {finding.location.file or ""}
    for _, fact in finding.facts:
        if isinstance(fact, str):
            found.add(fact)
        elif isinstance(fact, list | tuple):
            found.update(one for one in fact if isinstance(one, str))
    return found - {""}


def _narrowness(exception: PolicyException) -> tuple[int, int, int, str]:
    """Return how much an exception says about what it means; more is narrower."""
    conditions = sum(bool(getattr(exception.select, field)) for field in Selector.__struct_fields__)
    exact = sum("*" not in policy and "?" not in policy for policy in exception.policies)
    return bool(exception.values) + bool(exception.rules) + conditions, exact, -len(exception.policies), exception.id
