"""What a range language is, and the errors of all of them."""

from typing import Final, Protocol

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.versions import VersionScheme

LONGEST: Final = 4096
"""Characters of one range; the longest in any feed has a few hundred."""
_MOST_PARTS: Final = 256


class RangeError(ValueError):
    """A text that its range language refuses; the message is a clause without final stop."""


def pieces(text: str, separator: str) -> list[str]:
    """Return the parts of a text; RangeError when there are more, or the text is longer, than anybody writes."""
    parts = text.split(separator)
    if len(text) > LONGEST or len(parts) > _MOST_PARTS:
        raise RangeError(f"the range is longer than {LONGEST} characters or {_MOST_PARTS} parts")
    return parts


class RangeLanguage(Protocol):
    """How one ecosystem or feed writes a set of versions; stateless."""

    @property
    def id(self) -> str:
        """Return the kebab-case id, equal to the file name with `-` for `_`."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Return the ecosystems, as OSV names them, whose own tool reads this language."""
        ...

    @property
    def scheme(self) -> VersionScheme:
        """Return the order of the versions in it."""
        ...

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the set as disjoint intervals, ascending; RangeError when the text is not of this language."""
        ...
