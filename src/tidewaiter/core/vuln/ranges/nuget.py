"""Intervals as NuGet writes them (learn.microsoft.com: NuGet package versioning, version ranges)."""

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.language import RangeError
from tidewaiter.core.vuln.ranges.maven import bracketed
from tidewaiter.core.vuln.versions import VersionScheme
from tidewaiter.core.vuln.versions.nuget import NuGet as Order


class NuGet:
    """Maven's brackets; a bare version is the lowest that is accepted."""

    id = "nuget"
    tags = frozenset({"NuGet"})
    scheme: VersionScheme = Order()

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the set as intervals."""
        if text.strip()[:1] in {"[", "("}:
            return bracketed(text, self.scheme)
        if not self.scheme.is_valid(text):
            raise RangeError(f"`{text.strip()[:60]}` is no range of NuGet")
        return (Interval(lo=text.strip()),)
