"""What a range language is, and the errors of all of them."""

from typing import Protocol

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.versions import VersionScheme


class RangeError(ValueError):
    """A text that its range language refuses; the message is a clause without final stop."""


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
