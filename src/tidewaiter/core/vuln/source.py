"""What matching needs from advisory data; the store answers it, a test answers it with a list."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from tidewaiter.core.vuln.advisory import Exploitation, Extent, Feed, Opinion, PackageKey, Row, Support


class AdvisorySource(Protocol):
    """Read-only advisory data; the order in which rows come back has no meaning."""

    @property
    def built(self) -> str:
        """Return the RFC 3339 time at which the data was put together."""
        ...

    def feeds(self) -> tuple[Feed, ...]:
        """Return the feeds, by id."""
        ...

    def extents(self) -> tuple[Extent, ...]:
        """Return how much each feed says about each ecosystem and release."""
        ...

    def rows(self, keys: Iterable[PackageKey]) -> Mapping[PackageKey, tuple[Row, ...]]:
        """Return every statement about these packages; a package that nobody speaks of may be absent."""
        ...

    def rows_about(self, ids: Iterable[str]) -> Mapping[PackageKey, tuple[Row, ...]]:
        """Return every statement, about whatever package, of the records that carry one of these ids; slow."""
        ...

    def opinions(self, ids: Iterable[str]) -> tuple[Opinion, ...]:
        """Return the records, of any package, that carry one of these ids as their own or as an alias."""
        ...

    def exploitation(self, cves: Iterable[str]) -> Mapping[str, Exploitation]:
        """Return what KEV and EPSS know; a CVE that neither knows is absent."""
        ...

    def support(self, product: str) -> tuple[Support, ...]:
        """Return until when the releases of a product are supported; empty when nothing is known."""
        ...

    def repository_cpes(self, names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the CPEs of Red Hat repositories by content set; names that are not known are absent."""
        ...

    def knows_source(self, ecosystem: str, names: Iterable[str]) -> frozenset[str]:
        """Return those of the names that any feed mentions in any release of the ecosystem."""
        ...
