"""One exception document for every gate and every importer (policy.md 7); a malformed one exempts nothing."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

import msgspec

from tidewaiter.core.model.location import Location, Positions
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.policy.selector import Selector
from tidewaiter.core.strict import DocumentError, convert, place

ReasonClass = Literal["risk_owned", "mitigated", "transferred", "not_relevant", "false_positive"]


class PolicyException(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True
):
    """What is exempted, why, by whom and until when."""

    id: str
    policies: tuple[str, ...]
    """Ids or globs; at least one."""
    rules: tuple[str, ...] = ()
    """Names or globs of rules; empty means every rule of these policies."""
    select: Selector = Selector()
    values: tuple[str, ...] = ()
    """Only these values: a CVE, a capability, a port, a path, the name of a variable; globs are allowed."""
    gates: tuple[Literal["build", "deploy", "runtime"], ...] = ()
    """Empty means every gate."""
    effect: Literal["allow", "warn"] = "allow"
    """`allow` exempts; `warn` keeps the finding among the answers but lets the gate pass."""
    reason: str
    reason_class: ReasonClass | None = None
    owner: str = ""
    ticket: str = ""
    approved_by: str = ""
    created: str = ""
    expires: str
    """RFC 3339 date (the exception holds through that day, UTC) or time; `never` where an administrator permits it."""
    max_uses: int | None = None
    """At most this many findings are exempted in one run."""

    def ends(self) -> datetime | None:
        """Return the first moment at which it no longer holds; None for `never`."""
        return None if self.expires == "never" else _moment(self.expires)


def _moment(text: str) -> datetime:
    """Read a date as the end of that day; raises ValueError for anything else than a date or time."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def decode_exceptions(
    value: Any, *, file: str, positions: Positions | None = None, pointer: str = "", permit_never: bool = False
) -> tuple[tuple[PolicyException, ...], tuple[Unknown, ...]]:
    """Return the well-formed exceptions of a list and one `Unknown` per malformed one, which exempts nothing."""
    if not isinstance(value, list):
        problem = DocumentError("expected a list of exceptions", location=place(file, pointer, positions))
        return (), (_refused("exceptions", problem),)
    good: dict[str, PolicyException] = {}
    bad: list[Unknown] = []
    for index, entry in enumerate(value):
        at = f"{pointer}/{index}"
        try:
            exception = convert(entry, PolicyException, file=file, positions=positions, pointer=at)
            _validate(exception, place(file, at, positions), known=good.keys(), permit_never=permit_never)
        except DocumentError as error:
            name = entry.get("id") if isinstance(entry, dict) else None
            bad.append(_refused(f"exception {name if isinstance(name, str) and name else index + 1}", error))
        else:
            good[exception.id] = exception
    return tuple(good.values()), tuple(bad)


def _validate(exception: PolicyException, location: Location, *, known: Collection[str], permit_never: bool) -> None:
    if not exception.id.strip() or exception.id == "accepted":
        raise DocumentError("`id` must be a name of its own (`accepted` is taken)", location=location)
    if exception.id in known:
        raise DocumentError(f"the id `{exception.id}` is used twice", location=location)
    if not exception.policies:
        raise DocumentError(
            "`policies` is empty", location=location, advice="name the policies that are exempted, `*` for all of them"
        )
    if not exception.reason.strip():
        raise DocumentError("`reason` is empty", location=location, advice="say why the finding may stay")
    if exception.max_uses is not None and exception.max_uses < 1:
        raise DocumentError("`maxUses` must be at least 1", location=location)
    if exception.expires == "never":
        if permit_never:
            return
        raise DocumentError(
            "`expires: never` is not permitted here",
            location=location,
            advice="give a date, or let an administrator set TIDEWAITER_PERMIT_NEVER=1",
        )
    try:
        exception.ends()
    except ValueError:
        raise DocumentError(
            f"`expires` is not a date: {exception.expires!r}", location=location, advice="write it as 2027-01-31"
        ) from None


def _refused(subject: str, error: DocumentError) -> Unknown:
    advice = error.advice or "correct it; until then it exempts nothing"
    return Unknown(subject=subject, reason=str(error), advice=advice, location=error.location)
