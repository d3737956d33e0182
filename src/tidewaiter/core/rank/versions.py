"""Picks the highest of several fixed versions, so that one upgrade closes all."""

from collections.abc import Sequence

from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS
from tidewaiter.core.vuln.versions import VersionScheme


def highest_version(purl: str, versions: Sequence[str]) -> str:
    """Return the highest version in the order of the purl's ecosystem; empty when there is none."""
    scheme = _scheme(purl.split("/", 1)[0])
    if scheme is None:
        return max(versions, default="")
    return max(versions, key=lambda version: (scheme.key(version), version), default="")


def _scheme(start: str) -> VersionScheme | None:
    purl_type = start.removeprefix("pkg:")
    return next((one.scheme for one in ECOSYSTEMS.values() if one.purl_type == purl_type), None)
