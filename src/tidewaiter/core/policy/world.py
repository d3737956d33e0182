"""Everything that is judged in one run: the joined facts, the moment, the stage, and the views made so far."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tidewaiter.core.cel import Timestamp, Unknown
from tidewaiter.core.context import Context
from tidewaiter.core.model.package import Package
from tidewaiter.core.policy.fields.base import Record, View, unknown
from tidewaiter.core.policy.stages import Stage

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class World:
    """Shared by all policies of one run, so that each field is computed once however many policies read it."""

    __slots__ = (
        "_fixed",
        "_named",
        "_pins",
        "_views",
        "context",
        "environment",
        "now",
        "records",
        "stage",
        "timestamp",
    )

    def __init__(
        self, context: Context, *, records: Mapping[str, Record], now: datetime, stage: Stage, environment: str = ""
    ) -> None:
        """Begin a run; nothing is computed before a policy reads it. `now` must carry a time zone."""
        self.context = context
        self.records = records
        self.now = now
        self.timestamp = timestamp(now)
        self.stage = stage
        self.environment = environment
        self._views: dict[tuple[str, int, int], View] = {}
        self._named: dict[tuple[str, str], View] = {}
        self._fixed: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self._pins: dict[str, Package] | None = None

    def view(self, record: str, fact: Any, parent: View | None = None) -> View:
        """Return the one view of a fact under one parent; two images may hold one and the same package."""
        key = (record, id(fact), id(parent))
        view = self._views.get(key)
        if view is None:
            # The view holds fact and parent, so their ids cannot be taken by another object during the run.
            view = self._views[key] = View(self, self.records[record], fact, parent)
        return view

    def part(self, record: str, fact: Any, parent: View, pointer: str = "") -> View:
        """Return a new view of something that only its parent holds."""
        return View(self, self.records[record], fact, parent, pointer)

    def views(self, record: str, facts: Any, parent: View | None = None) -> tuple[View, ...]:
        """Return the views of several facts in their order."""
        return tuple(self.view(record, fact, parent) for fact in facts)

    def named(self, record: str, name: str, make: Callable[[], Any]) -> View:
        """Return the one view of something known by name only; `make` gives its fact the first time."""
        view = self._named.get((record, name))
        if view is None:
            view = self._named[(record, name)] = View(self, self.records[record], make())
        return view

    def pin_of(self, package: Package) -> Package | None:
        """Return the entry of a lock file that pins the same version of a language package, None without one."""
        if self._pins is None:
            self._pins = {}
            for locked in self.context.tree.packages:
                self._pins.setdefault(locked.purl, locked)
        return self._pins.get(package.purl)

    def fixed_versions(self, ref: str) -> Mapping[str, tuple[str, ...]]:
        """Return the versions that close vulnerabilities of an image (or of the lock files), by purl."""
        if ref not in self._fixed:
            found: dict[str, tuple[str, ...]] = {}
            for one in self.context.tree.vulnerabilities.get(ref, ()):
                if one.fixed and one.status.is_vulnerable and not one.suppressed:
                    found[one.package.purl] = (*found.get(one.package.purl, ()), one.fixed)
            self._fixed[ref] = found
        return self._fixed[ref]

    def workloads(self) -> tuple[View, ...]:
        """Return every workload of the tree."""
        return self.views("workload", self.context.tree.workloads)

    def open_world(self, namespace: str, what: str) -> Unknown | None:
        """Return why a collection of this namespace cannot be said to be complete, or None when it can."""
        if self.context.is_closed(namespace):
            return None
        return unknown(
            f"{what} of namespace {namespace or 'default'} are not known: the tree does not define that namespace or is partial"
        )


def timestamp(moment: datetime) -> Timestamp:
    """Return a moment as CEL's timestamp, exact to the microsecond."""
    elapsed = moment - _EPOCH
    return Timestamp((elapsed.days * 86_400 + elapsed.seconds) * 1_000_000_000 + elapsed.microseconds * 1_000)


def moment(written: str) -> Timestamp | None:
    """Return an RFC 3339 text as CEL's timestamp, or None when it is not one."""
    try:
        parsed = datetime.fromisoformat(written)
    except ValueError:
        return None
    return timestamp(parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC))
