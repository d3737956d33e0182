"""End of life: until when the distribution of an image is mended, as a dated fact that policies judge."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

import msgspec

from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.core.vuln.advisory import Support
from tidewaiter.core.vuln.support_table import shipped

_PRODUCTS: Final[Mapping[str, tuple[str, ...]]] = {
    "alpine": ("alpine", "alpine-linux"),
    "almalinux": ("almalinux", "alma-linux"),
    "rocky": ("rocky", "rocky-linux"),
    "ol": ("ol", "oracle-linux"),
    "amzn": ("amzn", "amazon-linux"),
    "opensuse-leap": ("opensuse-leap", "opensuse"),
    "azurelinux": ("azurelinux", "azure-linux"),
    "mariner": ("mariner", "azurelinux"),
    "photon": ("photon", "photon-os"),
}
"""`ID` of os-release -> names under which feeds (endoflife.date) keep it, where they differ."""
_UNFINISHED: Final = ("_alpha", "_beta", "_rc")


class SupportSource(Protocol):
    """What is asked of advisory data; `AdvisorySource` can do it."""

    def support(self, product: str) -> tuple[Support, ...]:
        """Return the releases of a product; empty when nothing is known."""
        ...


def support_of(system: OperatingSystem, source: SupportSource | None = None) -> Support | None:
    """Return until when a system's release is mended; None when neither data nor the shipped table knows it.

    Dates of `source` win, field by field, over those of the table. Feeds end Debian's support before its years of Long
    Term Support, whose fixes reach everybody: the later day counts there. Rolling and unfinished releases have no dates.
    """
    releases = _releases(system)
    if not releases and not system.codename:
        return None
    products = _products(system)
    told = [] if source is None else [one for product in products for one in source.support(product)]
    fresh = _find(told, releases, system.codename)
    known = _find([one for one in shipped() if one.product == products[0]], releases, system.codename)
    if fresh is None or known is None:
        return fresh or known
    ends = max(fresh.ends, known.ends) if system.id == "debian" else fresh.ends or known.ends
    return msgspec.structs.replace(fresh, ends=ends, extended=fresh.extended or known.extended)


def with_support(system: OperatingSystem, source: SupportSource | None = None) -> OperatingSystem:
    """Return the system with the dates of its support, where they are known."""
    support = support_of(system, source)
    if support is None:
        return system
    return msgspec.structs.replace(system, end_of_life=support.ends, extended_support=support.extended)


def _products(system: OperatingSystem) -> tuple[str, ...]:
    if system.id == "centos" and system.variant == "stream":
        return ("centos-stream",)
    return _PRODUCTS.get(system.id, (system.id,))


def _releases(system: OperatingSystem) -> tuple[str, ...]:
    """Return the names that a release may have, the most exact first: `3.20.3`, `3.20`, `3`."""
    version = system.version_id
    if not version or any(word in version for word in _UNFINISHED):
        return ()
    parts = version.split(".")
    return tuple(dict.fromkeys((version, ".".join(parts[:2]), parts[0])))


def _find(known: Iterable[Support], releases: tuple[str, ...], codename: str) -> Support | None:
    """Return the release by the most exact of its names, or by the first word of its codename when it has no number."""
    by_name: dict[str, Support] = {}
    for one in known:
        by_name.setdefault(one.release, one)
        if not releases and codename and one.codename.casefold().split(" ")[0] == codename.casefold():
            return one
    return next((by_name[release] for release in releases if release in by_name), None)
