"""What one file may cost, with all archives nested in it: entries, nesting, inflated bytes."""

from dataclasses import dataclass
from typing import Final

ENTRIES: Final = 100_000
"""Entries of one archive."""
ALL_ENTRIES: Final = 1_000_000
"""Entries of a file with all archives nested in it."""
DEPTH: Final = 8
INFLATED: Final = 4 << 30
"""Bytes inflated in all."""
DIRECTORY: Final = 64 << 20
"""Bytes of one central directory."""


class ZipError(Exception):
    """An archive or a member cannot be read: why, as a clause without final stop."""


@dataclass(slots=True)
class Budget:
    """What is left to spend on one file."""

    entries: int = ALL_ENTRIES
    inflated: int = INFLATED

    def take_entries(self, count: int) -> None:
        """Pay for the entries of one more archive; raise ZipError when there are too many."""
        if count > ENTRIES:
            raise ZipError(f"it has {count} entries, more than the {ENTRIES} that are read")
        if count > self.entries:
            raise ZipError(f"the archives nested in it have more than {ALL_ENTRIES} entries")
        self.entries -= count

    def take_bytes(self, count: int) -> None:
        """Pay for inflated bytes; raise ZipError when nothing is left."""
        if count > self.inflated:
            raise ZipError(f"more than {INFLATED} bytes come out of it")
        self.inflated -= count
