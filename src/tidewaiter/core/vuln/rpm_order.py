"""What is compared of an rpm version: never the context hash of a module, and of a source package no epoch."""

from typing import Any

from tidewaiter.core.vuln.modules import without_context, without_epoch
from tidewaiter.core.vuln.versions import VersionScheme


class BinaryOrder:
    """An rpm order for packages by their own name."""

    def __init__(self, scheme: VersionScheme) -> None:
        """Compare by `scheme`."""
        self._scheme = scheme
        self.id = scheme.id
        self.tags = scheme.tags

    def key(self, version: str) -> Any:
        """Return the key without the context of a module."""
        return self._scheme.key(without_context(version))

    def is_valid(self, version: str) -> bool:
        """Accept what the order accepts."""
        return self._scheme.is_valid(version)


class SourceOrder(BinaryOrder):
    """An rpm order for source packages, whose epoch an installed package does not tell."""

    def key(self, version: str) -> Any:
        """Return the key without epoch and context."""
        return self._scheme.key(without_context(without_epoch(version.strip())))
