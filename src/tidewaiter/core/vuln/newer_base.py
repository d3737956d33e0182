"""Whether another build of the same base image removes findings: the one thing a developer can do about them (guide 4)."""

from collections.abc import Iterable, Sequence

import msgspec

from tidewaiter.core.vuln.rematch import Told


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """One build of the base, with what is told of it by the same data."""

    name: str
    """`docker.io/library/debian:12`."""
    digest: str = ""
    created: str = ""
    """RFC 3339."""
    told: tuple[Told, ...] = ()


class NewerBase(msgspec.Struct, frozen=True, kw_only=True):
    """The build that is best to go to."""

    build: Build
    removed: tuple[str, ...]
    """Ids of findings of the present base that it does not have, sorted."""
    left: int
    """Findings of the present base that it has too."""
    added: int
    """Findings that the present base does not have."""

    def __str__(self) -> str:
        """Say in one sentence what the build would change."""
        count = len(self.removed)
        named = ", ".join(self.removed[:3]) + (f" and {count - 3} more" if count > 3 else "")
        built = f" built {self.build.created[:10]}" if self.build.created else ""
        rest = f", {self.left} stay" if self.left else ""
        more = f", {self.added} come new" if self.added else ""
        return f"{self.build.name}{built} removes {count} of {count + self.left} findings of the base ({named}){rest}{more}"


def newer_base(found: Sequence[Told], builds: Iterable[Build]) -> NewerBase | None:
    """Return the build that leaves the fewest findings, None when none removes more than it brings.

    `found` are the findings of the packages that came with the base. Suppressed ones count nowhere. A finding is the
    same while any of its ids is; of equal builds the one with the later date is taken.
    """
    present = _counted(found)
    best: NewerBase | None = None
    for build in sorted(builds, key=lambda one: (one.created, one.name), reverse=True):
        there = _counted(build.told)
        names = frozenset().union(*(one.names for one in there))
        known = frozenset().union(*(one.names for one in present))
        removed = sorted({one.id for one in present if not one.names & names})
        left = len({one.id for one in present}) - len(removed)
        added = len({one.id for one in there if not one.names & known})
        better = NewerBase(build=build, removed=tuple(removed), left=left, added=added)
        if added < len(removed) and (best is None or left + added < best.left + best.added):
            best = better
    return best


def _counted(told: Iterable[Told]) -> list[Told]:
    return [one for one in told if not one.suppressed]
