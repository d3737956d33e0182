"""The machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    """Implements `ports.clock.Clock`."""

    def __init__(self, epoch: int | None = None) -> None:
        """Stand still at `epoch`, in seconds since 1970, when it is given."""
        self._epoch = epoch

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        if self._epoch is not None:
            return datetime.fromtimestamp(self._epoch, UTC)
        return datetime.now(UTC)  # noqa: TID251 - this is the edge at which the time enters
