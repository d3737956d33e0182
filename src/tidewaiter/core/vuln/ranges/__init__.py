"""The range languages, one file each: from text to intervals when data is imported (scanning guide, section 8)."""

from tidewaiter.core.registry import Registry
from tidewaiter.core.vuln.ranges.cargo import Cargo
from tidewaiter.core.vuln.ranges.composer import Composer
from tidewaiter.core.vuln.ranges.gem import Gem
from tidewaiter.core.vuln.ranges.language import RangeError, RangeLanguage
from tidewaiter.core.vuln.ranges.maven import Maven
from tidewaiter.core.vuln.ranges.node import Node
from tidewaiter.core.vuln.ranges.nuget import NuGet
from tidewaiter.core.vuln.ranges.pep440 import Pep440
from tidewaiter.core.vuln.ranges.victims import Victims, VictimsPython

__all__ = ["BUILTIN", "RangeError", "RangeLanguage", "registry"]

BUILTIN: tuple[RangeLanguage, ...] = (
    Node(),
    Cargo(),
    Gem(),
    Composer(),
    Maven(),
    NuGet(),
    Pep440(),
    Victims(),
    VictimsPython(),
)


def registry() -> Registry[RangeLanguage]:
    """Return the built-in range languages by id."""
    return Registry("ranges", BUILTIN)
