"""Applies statements to vulnerabilities: the latest one that matches decides, and none is dropped silently."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import msgspec

from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.purl import Purl
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln.vex.globs import matches_path
from tidewaiter.core.vuln.vex.identity import ImageIdentity, covers, identity_of, purl_of
from tidewaiter.core.vuln.vex.index import Entry, VexIndex
from tidewaiter.core.vuln.vex.statement import Product, VexStatement

_CLOSED = frozenset({"not_affected", "fixed"})
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class VexUse(msgspec.Struct, frozen=True, kw_only=True):
    """What statements did to the vulnerabilities of one image."""

    vulnerabilities: tuple[Vulnerability, ...]
    sources: tuple[str, ...] = ()
    """The document of every statement that closed something, once per vulnerability."""
    matched: tuple[str, ...] = ()
    """The documents of which a statement was meant for a vulnerability, whatever it says."""
    expired: tuple[VexStatement, ...] = ()
    """Statements that would have decided, had they not ended."""


class _Parents:
    """Who holds whom within one image: dependencies, and the application whose file a package lies in."""

    def __init__(self, packages: Sequence[Package]) -> None:
        by_purl: dict[str, list[int]] = defaultdict(list)
        mains: dict[tuple[str | None, str], int] = {}
        for place, package in enumerate(packages):
            by_purl[package.purl].append(place)
            if package.is_main and package.location is not None:
                mains[package.location.file, package.inside] = place
        self.packages = packages
        self.parents: dict[int, set[int]] = defaultdict(set)
        for place, package in enumerate(packages):
            for needed in package.requires:
                for target in by_purl.get(needed, ()):
                    if target != place:
                        self.parents[target].add(place)
            if package.location is not None and not package.is_main:
                main = mains.get((package.location.file, package.inside))
                if main is not None:
                    self.parents[place].add(main)
        self.places = {id(package): place for place, package in enumerate(packages)}
        self.equal: dict[Package, int] = {package: place for place, package in enumerate(packages)}

    def place(self, package: Package) -> int | None:
        found = self.places.get(id(package))
        return found if found is not None else self.equal.get(package)


def apply_vex(
    vulnerabilities: Sequence[Vulnerability],
    *,
    packages: Sequence[Package],
    image: Image | None,
    statements: VexIndex,
    now: datetime,
) -> VexUse:
    """Return the vulnerabilities with those suppressed that statements close, in their order.

    A vulnerability is closed when on every way from its package up to the image something is met of which the latest
    statement says `not_affected` or `fixed`. Where the graph has a circle the vulnerability stays.
    """
    if not statements or not vulnerabilities:
        return VexUse(vulnerabilities=tuple(vulnerabilities))
    run = _Run(packages, identity_of(image) if image is not None else ImageIdentity(), statements, now)
    told = tuple(run.one(found) for found in vulnerabilities)
    return VexUse(
        vulnerabilities=told,
        sources=tuple(run.sources),
        matched=tuple(run.matched),
        expired=tuple(run.expired.values()),
    )


class _Run:
    def __init__(
        self, packages: Sequence[Package], identity: ImageIdentity, statements: VexIndex, now: datetime
    ) -> None:
        self._graph = _Parents(packages)
        self._identity = identity
        self._index = statements
        self._now = now
        self._meant: dict[str, bool] = {}
        self.sources: list[str] = []
        self.matched: dict[str, None] = {}
        self.expired: dict[int, VexStatement] = {}

    def one(self, found: Vulnerability) -> Vulnerability:
        """Return one vulnerability as the statements leave it."""
        if found.suppressed:
            return found
        purl = purl_of(found.package, self._index.names)
        if purl is None:
            return found
        ids = (found.id, *found.aliases)
        closing: list[VexStatement] = []
        place = self._graph.place(found.package)
        if not self._is_closed(place, found.package, purl, ids, purl, found, closing, set()):
            return found
        if self._is_revived(place, ids, purl, found, max(_moment(statement.time) for statement in closing)):
            return found
        self.sources += dict.fromkeys(statement.source for statement in closing)
        return msgspec.structs.replace(found, suppressed=_words(closing[0]))

    def _is_closed(
        self,
        place: int | None,
        package: Package | None,
        node: Purl | None,
        ids: Sequence[str],
        target: Purl,
        found: Vulnerability,
        closing: list[VexStatement],
        seen: set[int],
    ) -> bool:
        """Tell whether the node closes the vulnerability, or all that hold it do."""
        decided = self._decision(package, node, ids, target, found)
        if decided is not None:
            if decided.status in _CLOSED:
                closing.append(decided)
                return True
            if decided.status == "affected":
                return False  # a later `affected` revives what an earlier statement closed
        if package is None:
            return False
        parents = self._graph.parents.get(place, ()) if place is not None else ()
        if (not parents or package.direct) and not self._is_closed(None, None, None, ids, target, found, closing, seen):
            return False  # what the application itself asks for is used by it, whoever else needs it
        if not parents:
            return True
        if place is None or place in seen:
            return False
        seen = seen | {place}
        return all(
            self._is_closed(
                parent,
                self._graph.packages[parent],
                purl_of(self._graph.packages[parent], self._index.names),
                ids,
                target,
                found,
                closing,
                seen,
            )
            for parent in sorted(parents)
        )

    def _is_revived(
        self, place: int | None, ids: Sequence[str], target: Purl, found: Vulnerability, closed: datetime
    ) -> bool:
        """Tell whether a statement about what holds the package says `affected` later than all that closed it."""
        above: dict[int | None, None] = {None: None}
        waiting = [place] if place is not None else []
        while waiting:
            for parent in self._graph.parents.get(waiting.pop(), ()):
                if parent not in above:
                    above[parent] = None
                    waiting.append(parent)
        for one in above:
            package = self._graph.packages[one] if one is not None else None
            node = purl_of(package, self._index.names) if package is not None else None
            decided = self._decision(package, node, ids, target, found)
            if decided is not None and decided.status == "affected" and _moment(decided.time) > closed:
                return True
        return False

    def _decision(
        self, package: Package | None, node: Purl | None, ids: Sequence[str], target: Purl, found: Vulnerability
    ) -> VexStatement | None:
        """Return the latest statement about one node (None: the image) that concerns the vulnerable package."""
        entries: Iterable[Entry]
        if package is None:
            entries = (entry for entry in self._index.about_others(ids) if self._is_image(entry[1]))
        elif node is None:
            return None
        else:
            entries = (
                entry
                for entry in self._index.about_package(ids, node.identity)
                if entry[1] is not None and self._is_product(entry[1], node)
            )
        latest: VexStatement | None = None
        for statement, product in entries:
            if not self._concerns(statement, product, target, found):
                continue
            if statement.expires and _moment(statement.expires, end=True) <= self._now:
                self.expired[id(statement)] = statement
                continue
            self.matched[statement.source] = None
            if latest is None or _moment(statement.time) >= _moment(latest.time):
                latest = statement
        return latest

    def _is_image(self, product: Product | None) -> bool:
        if product is None:
            return True
        for name in product.names:
            if name not in self._meant:
                self._meant[name] = self._identity.is_meant(name, self._index.names)
            if self._meant[name]:
                return True
        return False

    def _is_product(self, product: Product, node: Purl) -> bool:
        stated = (self._index.names.purl(name) for name in product.names if name.startswith("pkg:"))
        return any(covers(purl, node) for purl in stated if purl is not None)

    def _concerns(self, statement: VexStatement, product: Product | None, target: Purl, found: Vulnerability) -> bool:
        """Tell whether a statement about a product is meant for the vulnerable package in it."""
        if statement.packages and not _is_named(statement.packages, found.package):
            return False
        if statement.paths and not any(matches_path(glob, _place(found.package)) for glob in statement.paths):
            return False
        if product is None or product.parts is None:
            return True
        stated = (self._index.names.purl(part) for part in product.parts)
        return any(covers(purl, target) for purl in stated if purl is not None)


def _is_named(names: Sequence[str], package: Package) -> bool:
    return package.name in names or f"{package.name}@{package.version}" in names


def _place(package: Package) -> str:
    return (package.location.file if package.location is not None else "") or ""


def _words(statement: VexStatement) -> str:
    why = statement.justification or statement.reason or "no reason given"
    who = ", ".join(part for part in (statement.author, statement.source) if part)
    return f"{statement.status.replace('_', ' ')}: {why}" + (f" ({who})" if who else "")


def _moment(text: str, *, end: bool = False) -> datetime:
    """Return a time; a date means its beginning, or its end where `end` asks for it; anything else the beginning of time."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _BEGINNING
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    clock = datetime.max.time() if end else datetime.min.time()
    return datetime.combine(day, clock, UTC)
