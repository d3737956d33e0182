"""Tells whether the distribution speaks of an OS package or somebody else published it (scanning guide 9.2)."""

from collections.abc import Mapping
from typing import Literal

from tidewaiter.core.model.package import Package

Origin = Literal["distribution", "third-party", "unclear"]

# Repositories for Debian that rebuild the distribution's own packages under its maintainers' names mark the version.
_VERSION_MARKS: tuple[tuple[str, str], ...] = (
    ("nodesource", "NodeSource"),
    (".pgdg", "PostgreSQL Global Development Group"),
    ("deb.sury.org", "Sury"),
    ("~ppa", "a personal package archive"),
    ("+percona", "Percona"),
    ("+maria~", "MariaDB Foundation"),
    ("~bpo-mozilla", "Mozilla"),
)

# Publishers of well-known repositories, by what stands in their Maintainer field.
_PUBLISHERS: tuple[str, ...] = (
    "nodesource.com",
    "docker.com",
    "nginx.com",
    "nginx.org",
    "f5.com",
    "hashicorp.com",
    "elastic.co",
    "mongodb.com",
    "grafana.com",
    "datadoghq.com",
    "gitlab.com",
    "cli.github.com",
    "oracle.com",
    "percona.com",
    "mariadb.com",
    "mariadb.org",
    "nvidia.com",
    "influxdata.com",
    "confluent.io",
    "rabbitmq.com",
    "kubernetes authors",
    "kubernetes-dev",
    "google cloud cli authors",
    "google-cloud-sdk",
    "chromium-dev",
    "microsoft.com",
    "azul.com",
    "adoptium",
    "temurin",
    "corretto",
    "caddyserver.com",
    "haproxy.com",
    "redis.io",
    "redis.com",
    "cloudflare.com",
    "launchpad.net/~",
)

_OFFICIAL: tuple[str, ...] = ("debian.org>", "debian.net>", "ubuntu.com>", "canonical.com>")

# Who stands as vendor in the rpms of a distribution, by ecosystem, in lower case.
_VENDORS: Mapping[str, tuple[str, ...]] = {
    "Red Hat": ("red hat", "centos"),
    "AlmaLinux": ("almalinux", "alma linux"),
    "Rocky Linux": ("rocky",),
    "Oracle Linux": ("oracle",),
    "Amazon Linux": ("amazon",),
    "SUSE": ("suse",),
    "openSUSE": ("opensuse", "suse"),
    "Azure Linux": ("microsoft",),
    "CBL-Mariner": ("microsoft",),
    "Photon OS": ("vmware", "broadcom"),
    "Fedora": ("fedora project",),
}
_AMAZON_MARK = "amzn"


def publisher_of(package: Package, ecosystem: str = "") -> str:
    """Return who published a package outside the distribution, as people name them; empty when nobody is recognised."""
    if package.type == "rpm":
        return "" if _is_by_vendor(package, ecosystem) else package.maintainer or "somebody who is not named"
    version = package.version.lower()
    for mark, name in _VERSION_MARKS:
        if mark in version:
            return name
    maintainer = package.maintainer.lower()
    if any(name in maintainer for name in _PUBLISHERS):
        return package.maintainer.partition("<")[0].strip().strip('"') or package.maintainer
    return ""


def origin_of(package: Package, *, known: bool, ecosystem: str = "") -> Origin:
    """Return who speaks of an OS package; `known` tells that some advisory feed mentions its source package.

    Many maintainers of the distribution use a private address, so a foreign address alone proves nothing: it counts
    only where the distribution's data never heard of the source either, and then the answer is `unclear`.
    """
    if publisher_of(package, ecosystem):
        return "third-party"
    if package.type != "deb":
        return "distribution"  # rpms were told by their vendor; apks have no more than the address of a person
    maintainer = package.maintainer.lower().strip()
    if known or not maintainer or maintainer.endswith(_OFFICIAL) or maintainer.startswith("debian "):
        return "distribution"
    return "unclear"


def _is_by_vendor(package: Package, ecosystem: str) -> bool:
    """Tell whether the distribution built an rpm; where nobody is named there is nothing against it.

    Amazon leaves the vendor out at times, then the release says `amzn`.
    """
    vendors = _VENDORS.get(ecosystem, ())
    vendor = package.maintainer.strip().lower()
    if not vendors or vendor.startswith(vendors):
        return True
    if ecosystem == "Amazon Linux":
        return _AMAZON_MARK in package.version.rpartition("-")[2]
    return not vendor
