"""Picks the highest of several fixed versions, so that one upgrade closes all."""

from collections.abc import Sequence
from typing import Final

from tidewaiter.core.vuln.versions import BUILTIN, VersionScheme

_SCHEMES: Final = {"pkg:deb": "dpkg", "pkg:pypi": "pep440", "pkg:npm": "semver"}


def highest_version(purl: str, versions: Sequence[str]) -> str:
    """Return the highest version in the order of the purl's ecosystem; empty when there is none."""
    scheme = _scheme(purl.split("/", 1)[0])
    if scheme is None:
        return max(versions, default="")
    return max(versions, key=lambda version: (scheme.key(version), version), default="")


def _scheme(ecosystem: str) -> VersionScheme | None:
    wanted = _SCHEMES.get(ecosystem)
    return next((scheme for scheme in BUILTIN if scheme.id == wanted), None)
