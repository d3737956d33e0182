"""What a new document takes back of earlier imports, where nothing in it tells which of two copies is newer."""

import sqlite3
from collections.abc import Iterable

from tidewaiter.ports.advisories import FeedReader

_WIDTH = 32
_ORPHAN = "NOT EXISTS (SELECT 1 FROM affected WHERE vuln = vuln.id)"


class Renewal:
    """Drops rows of earlier imports once per import, before the new ones are written.

    A record without time that comes again takes the place of its older copy, package by package: copies of one record
    may lie in documents about different releases. Documents of some feeds say everything about the packages that they name
    (`covers_packages`), so what they no longer say is gone too.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Work on the rows of a file that is being built."""
        self._run = connection.execute
        self._renewed: set[int] = set()  # of one number each: there may be a million
        self._covered: set[tuple[str, int]] = set()

    def forget(self) -> None:
        """Start anew: what was dropped came back, because a document was undone."""
        self._renewed.clear()
        self._covered.clear()

    def record(self, number: int, packages: Iterable[int]) -> None:
        """Drop what an earlier import said of some packages in one of its records."""
        for package in packages:
            name = number << _WIDTH | package
            if name not in self._renewed:
                self._renewed.add(name)
                self._run("DELETE FROM affected WHERE vuln = ? AND package = ?", (number, package))

    def packages(self, reader: FeedReader, packages: Iterable[int]) -> None:
        """Drop what earlier imports of a feed said of packages, where a document says everything about them."""
        if not getattr(reader, "covers_packages", False):
            return
        for package in packages:
            if (reader.id, package) in self._covered:
                continue
            self._covered.add((reader.id, package))
            chosen = "SELECT id FROM vuln WHERE feed = ? AND id IN (SELECT vuln FROM affected WHERE package = ?)"
            numbers = [row[0] for row in self._run(chosen, (reader.id, package))]
            for number in numbers:
                self._run("DELETE FROM affected WHERE vuln = ? AND package = ?", (number, package))
                self._run(f"DELETE FROM vuln WHERE id = ? AND {_ORPHAN}", (number,))  # noqa: S608 - constant
                self._run("DELETE FROM alias WHERE vuln = ? AND vuln NOT IN (SELECT id FROM vuln)", (number,))
