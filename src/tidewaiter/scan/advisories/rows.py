"""From what a vendor's notice says to records: one per CVE, equal statements for several architectures in one."""

from collections.abc import Iterable, Iterator

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Interval, PackageKey, Qualifiers, Record, Statement
from tidewaiter.core.vuln.distributions import rpm_flavour

_TITLE = 160


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One package of a notice before facts that differ only in architecture are joined."""

    key: PackageKey
    interval: Interval
    status: Status = Status.AFFECTED
    arches: tuple[str, ...] = ()
    """Empty: all."""
    module: str = ""
    repositories: tuple[str, ...] = ()
    needs: str = ""


def fixed_in(version: str) -> Interval:
    """Return the span below a fix."""
    return Interval(hi=version, fixed=version)


def joined(facts: Iterable[Fact], severity: str) -> tuple[Statement, ...]:
    """Return one statement per package, versions and qualifiers, with all architectures for which it was said."""
    arches: dict[Fact, set[str] | None] = {}
    for fact in facts:
        bare = msgspec.structs.replace(fact, arches=())
        known = arches.setdefault(bare, set())
        if known is not None:
            arches[bare] = None if not fact.arches or "noarch" in fact.arches else known | set(fact.arches)
    return tuple(
        Statement(
            key=fact.key,
            interval=fact.interval,
            status=fact.status,
            severity=severity,
            qualifiers=Qualifiers(
                arches=tuple(sorted(found or ())),
                module=fact.module,
                flavour=rpm_flavour(fact.interval.hi or ""),
                repositories=fact.repositories,
                needs=fact.needs,
            ),
        )
        for fact, found in arches.items()
    )


def notice(
    *, feed: str, record: str, cves: Iterable[str], title: str = "", published: str = "", modified: str = "",
    statements: tuple[Statement, ...], vectors: tuple[str, ...] = (), aliases: tuple[str, ...] = (),
) -> Iterator[Record]:  # fmt: skip
    """Yield one record per CVE of a notice, and one under its own id when it names none."""
    short = title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"
    for name in dict.fromkeys(cves) or (record,):
        yield Record(
            feed=feed,
            record=record,
            id=name,
            aliases=aliases,
            title=short,
            vectors=vectors,
            published=published,
            modified=modified,
            statements=statements,
        )
