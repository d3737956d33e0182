"""The time, as a value that is asked for once at the edge."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests hand in one that stands still."""

    def now(self) -> datetime:
        """Return the present moment with a time zone."""
        ...
