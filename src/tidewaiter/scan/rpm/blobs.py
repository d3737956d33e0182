"""What each form of the database gives: header blobs with their number, and what could not be read."""

from typing import Final

import msgspec

_MOST_NOTES: Final = 50


class Blobs(msgspec.Struct):
    """Filled by one reader."""

    headers: list[tuple[int, bytes]] = msgspec.field(default_factory=list)
    """The database's number of a package, and its header as bytes."""
    damage: list[str] = msgspec.field(default_factory=list)
    """Clauses that say what is lost; empty for a sound database."""

    def note(self, clause: str) -> None:
        """Keep a clause about damage, once."""
        if len(self.damage) < _MOST_NOTES and clause not in self.damage:
            self.damage.append(clause)
