"""What is judged, and what comes of it."""

from collections.abc import Iterable

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Row
from tidewaiter.core.vuln.versions import Keys


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What one record says about the installed version."""

    row: Row
    """The row that decided; any row of the record when none applied."""
    status: Status
    fixed: str | None = None
    """The fix above the installed version when it is vulnerable; the fix it already has when it is fixed."""
    why: str = ""
    """Why the status is unknown: `refused version`, `refused bound`, `no module`, or empty when the feed leaves it open."""
    version: str = ""
    """The version that was compared, where it is not the one of the package's nearest name."""
    needs: str = ""
    """The subscription that the fix needs and the system has not attached."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What all joined records together say; `judgements` holds those that carry the status first."""

    ids: tuple[str, ...]
    """The reported id first, CVEs before all others; in no such order for what is fixed or not affected."""
    status: Status
    fixed: str | None = None
    needs: str = ""
    """The subscription without which that fix is not to be had."""
    judgements: tuple[Judgement, ...]


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The rows under one name of a package, and what is compared with them."""

    rows: Iterable[Row]
    version: str
    keys: Keys
    is_source: bool = False
    """True where the rows speak of the source of a package that has rows under its own name too."""
