"""The orders of versions, one file per family (scanning guide, section 8)."""

from tidewaiter.core.registry import Registry
from tidewaiter.core.vuln.versions.alpm import Alpm
from tidewaiter.core.vuln.versions.apk import Apk
from tidewaiter.core.vuln.versions.bitnami import Bitnami
from tidewaiter.core.vuln.versions.composer import Composer
from tidewaiter.core.vuln.versions.dpkg import Dpkg
from tidewaiter.core.vuln.versions.maven import Maven
from tidewaiter.core.vuln.versions.nuget import NuGet
from tidewaiter.core.vuln.versions.pep440 import Pep440
from tidewaiter.core.vuln.versions.pub import Pub
from tidewaiter.core.vuln.versions.rpm import Rpm
from tidewaiter.core.vuln.versions.rubygems import RubyGems
from tidewaiter.core.vuln.versions.scheme import Keys, VersionScheme
from tidewaiter.core.vuln.versions.semver import Semver

__all__ = ["BUILTIN", "Keys", "VersionScheme", "registry"]

BUILTIN: tuple[VersionScheme, ...] = (
    Dpkg(),
    Rpm(),
    Apk(),
    Alpm(),
    Pep440(),
    Semver(),
    Maven(),
    RubyGems(),
    Composer(),
    NuGet(),
    Pub(),
    Bitnami(),
)


def registry() -> Registry[VersionScheme]:
    """Return the built-in orders by id."""
    return Registry("versions", BUILTIN)
