"""A package found installed in an image or pinned in a lock file."""

from typing import Literal

import msgspec

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.purl import Purl
from tidewaiter.core.model.purl_types import Parts, normalised, normalised_python_name, split_name

__all__ = ["OperatingSystem", "Package", "normalised_python_name"]


class OperatingSystem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What `os-release` says (freedesktop.org: os-release), lower-case `id`."""

    id: str
    version_id: str = ""
    """Such as `12`; empty for rolling or unreleased systems."""
    codename: str = ""
    name: str = ""
    id_like: tuple[str, ...] = ()
    variant: str = ""
    """`VARIANT_ID`, such as `server` or `micro`."""
    cpe: str = ""
    """`CPE_NAME` as written."""
    repositories: tuple[str, ...] = ()
    """What packages may come from, as the system says: Red Hat content sets, Alpine branches (`v3.20`), sorted."""
    services: tuple[str, ...] = ()
    """Subscriptions that are switched on, which open further channels of fixes: `esm-infra`, `fips-updates`; sorted."""
    end_of_life: str = ""
    """Last day of fixes for everybody, `YYYY-MM-DD`; empty when not known."""
    extended_support: str = ""
    """Last day of fixes that need a subscription; empty when there are none or it is not known."""


class Package(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One package at one place; the identity is its purl (package-url/purl-spec)."""

    type: str
    """purl type: `deb`, `pypi`, `npm`, ..."""
    name: str
    """As the ecosystem writes it; npm scopes included (`@scope/name`)."""
    version: str
    arch: str = ""
    namespace: str = ""
    """purl namespace of OS packages: the distribution's id."""
    distro: str = ""
    """`debian-12` for OS packages."""
    source_name: str = ""
    """Source package; empty when it equals `name`."""
    source_version: str = ""
    """Version of the source package; empty when it equals `version`."""
    location: Location | None = None
    """The metadata file that proves it, with layer or line."""
    owner: str = ""
    """Name of the OS package that owns the metadata file, for language packages."""
    maintainer: str = ""
    """Maintainer (deb, apk) or vendor (rpm): who built it."""
    licence: str = ""
    module: str = ""
    """Modularity label of an rpm as written (`nodejs:12:8030…:229f…`); empty outside modules."""
    repository: str = ""
    """The repository it was installed from, where the system remembers."""
    inside: str = ""
    """Path within the file of `location`, for what lies in archives: `BOOT-INF/lib/a.jar`, nested ones joined by `!/`."""
    is_main: bool = False
    """True for the application itself: the main module of a Go binary, the root crate, the root of an npm tree."""
    is_guess: bool = False
    """True when name or version were put together from names made for another purpose (a file name, a class), or come
    from a second source such as an ELF note: a database of packages that names the same one is believed instead."""
    requires: tuple[str, ...] = ()
    """purls of what it depends on directly, where the evidence tells."""
    found: Literal["installed", "locked"] = "installed"
    scope: Literal["prod", "dev", "test", "optional", "unknown"] = "unknown"
    direct: bool | None = None
    """True when the application asked for it itself; None when the evidence does not say."""

    @property
    def source(self) -> tuple[str, str]:
        """Return the source package's name and version, which default to the binary's."""
        return self.source_name or self.name, self.source_version or self.version

    @property
    def purl(self) -> str:
        """Return the canonical package URL; an rpm's epoch and module are qualifiers."""
        namespace, name, subpath = split_name(self.type, self.namespace, self.name)
        version, qualifiers = self.version, {"arch": self.arch, "distro": self.distro, "upstream": self._upstream()}
        if self.type == "rpm":
            epoch, colon, rest = version.partition(":")
            if colon:
                version, qualifiers["epoch"] = rest, epoch
            qualifiers["rpmmod"] = self.module
        parts = normalised(self.type, Parts(namespace, name, version), qualifiers)
        kept = {key: qualifiers[key] for key in sorted(qualifiers) if qualifiers[key]}
        url = Purl(
            type=self.type,
            namespace=parts.namespace,
            name=parts.name,
            version=parts.version,
            qualifiers=kept,
            subpath=subpath,
        )
        return str(url)

    def _upstream(self) -> str:
        if not self.source_name and not self.source_version:
            return ""
        name, version = self.source
        return f"{name}@{version}" if self.source_version else name
