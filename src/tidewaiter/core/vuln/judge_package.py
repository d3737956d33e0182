"""Puts one package with all its names before the judge, and keeps what several packages share."""

from collections.abc import Mapping, Sequence

from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.vuln.advisory import PackageKey, Row
from tidewaiter.core.vuln.cpe import Cpe
from tidewaiter.core.vuln.distributions import SOURCE_SUFFIX, distribution
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS, compared_version
from tidewaiter.core.vuln.judge import PLAIN, Named, Verdict, judge_names
from tidewaiter.core.vuln.qualify import Target, enabled_repositories, target_of
from tidewaiter.core.vuln.rpm_order import BinaryOrder, SourceOrder
from tidewaiter.core.vuln.source import AdvisorySource
from tidewaiter.core.vuln.versions import Keys

_QUALIFIED = frozenset({"rpm"})


class Judge:
    """Judges the packages of one image or tree; lives as long as one match."""

    def __init__(
        self,
        *,
        rows: Mapping[PackageKey, tuple[Row, ...]],
        os: OperatingSystem | None,
        advisories: AdvisorySource,
    ) -> None:
        """Hold the rows of all packages; errors of the source pass through."""
        self._rows = rows
        self._os = os
        self._precedence = {feed.id: feed.precedence for feed in advisories.feeds()}
        self._enabled = enabled_on(os, advisories)
        self._keys: dict[tuple[str, bool], Keys] = {}
        self._judged: dict[tuple[object, ...], tuple[Verdict, ...]] = {}

    def verdicts(self, package: Package, keys: Sequence[PackageKey]) -> tuple[Verdict, ...]:
        """Return the verdicts about one package under all its keys, the nearest first."""
        spoken = [key for key in keys if key in self._rows]
        if not spoken:
            return ()
        if len(spoken) == 1:
            return self._by_one_name(package, spoken[0])
        versions = tuple(compared_version(package, key, self._os) for key in spoken)
        target = self.target(package, spoken[0].ecosystem)
        name = (*spoken, *versions, target)
        found = self._judged.get(name)
        if found is None:
            names = [self._named(key, version) for key, version in zip(spoken, versions, strict=True)]
            found = self._judged[name] = tuple(judge_names(names, self._precedence, target))
        return found

    def _by_one_name(self, package: Package, key: PackageKey) -> tuple[Verdict, ...]:
        """Judge a package with rows under one name; many binaries of one source share the answer."""
        version = compared_version(package, key, self._os)
        target = self.target(package, key.ecosystem)
        name = (key, version) if target is PLAIN else (key, version, target)
        found = self._judged.get(name)
        if found is None:
            found = self._judged[name] = tuple(judge_names((self._named(key, version),), self._precedence, target))
        return found

    def target(self, package: Package, ecosystem: str) -> Target:
        """Return what of the package rows may ask about."""
        if ecosystem == "Ubuntu" or ECOSYSTEMS[ecosystem].purl_type in _QUALIFIED:
            return target_of(package, ecosystem, self._os, self._enabled)
        return PLAIN

    def keys(self, key: PackageKey) -> Keys:
        """Return the order in which versions under a key are compared."""
        scheme = ECOSYSTEMS[key.ecosystem].scheme
        is_source = scheme.id == "rpm" and key.name.endswith(SOURCE_SUFFIX)
        kept = self._keys.get((key.ecosystem, is_source))
        if kept is None:
            if scheme.id == "rpm":
                scheme = SourceOrder(scheme) if is_source else BinaryOrder(scheme)
            kept = self._keys[key.ecosystem, is_source] = Keys(scheme)
        return kept

    def _named(self, key: PackageKey, version: str) -> Named:
        is_source = ECOSYSTEMS[key.ecosystem].purl_type == "rpm" and key.name.endswith(SOURCE_SUFFIX)
        return Named(rows=self._rows[key], version=version, keys=self.keys(key), is_source=is_source)


def enabled_on(os: OperatingSystem | None, advisories: AdvisorySource) -> tuple[Cpe, ...]:
    """Return the repositories of a Red Hat system, none for another. Errors of the source pass through."""
    if os is None or distribution(os)[0] != "Red Hat":
        return ()
    return enabled_repositories(os, advisories.repository_cpes(os.repositories))
