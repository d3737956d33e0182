"""One pass over the inventories with an advisory file: what changed, whom it touches, what is told now."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from tidewaiter.adapters.store.fingerprints import compute, whole
from tidewaiter.adapters.store.inventories_listing import chosen
from tidewaiter.adapters.store.inventories_rows import decoded, plain
from tidewaiter.adapters.store.inventories_schema import REMEDY
from tidewaiter.adapters.store.inventories_touched import touched
from tidewaiter.adapters.store.inventories_write import Writer
from tidewaiter.adapters.store.reader import SqliteAdvisories, connect
from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.core.vuln.ecosystems import distribution
from tidewaiter.core.vuln.rematch import Told
from tidewaiter.ports.inventories import InventoryError, KnownImage, Touched

_KEYS: Final = """
INSERT INTO temp.fresh SELECT k.id, coalesce(f.digest, 0) FROM main.key k
LEFT JOIN advisories.package p ON p.name = k.name AND p.ecosystem = k.ecosystem AND p.release = k.release
LEFT JOIN {fingerprint} f ON f.package = p.id
"""
_TABLES: Final = """
CREATE TEMP TABLE fresh(key INTEGER PRIMARY KEY, digest INTEGER NOT NULL);
CREATE TEMP TABLE changed(state INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY(state, key)) WITHOUT ROWID;
CREATE TEMP TABLE touched(package INTEGER NOT NULL, state INTEGER NOT NULL, PRIMARY KEY(package, state)) WITHOUT ROWID
"""


class SqliteSession:
    """Implements `ports.inventories.Session` on a connection with the advisory file attached."""

    def __init__(self, connection: sqlite3.Connection, advisories: SqliteAdvisories, *, rules: str, now: str) -> None:
        """Find out what changed since each image was matched; sqlite3.Error passes to the caller."""
        self._connection = connection
        self._run = connection.execute
        self._writer = Writer(connection, now)
        self._built = advisories.built
        for statement in _TABLES.split(";"):
            self._run(statement)
        fingerprint = self._fingerprints(advisories)
        self._stamp = f"{fingerprint} {rules}"
        states = self._run("SELECT id, stamp, built FROM state").fetchall()
        others = [row for row in states if row[1] != self._stamp]
        self.newer = tuple(sorted(row[2] for row in others if row[2] > self._built))
        self._behind = [row[0] for row in others if row[2] <= self._built]
        for number, stamp, _ in others:
            if number in self._behind:
                # Of the number nothing but its equality counts; other rules may tell something else of any package.
                self._find(number, is_comparable=stamp.endswith(f" {rules}"))
        self.changed_keys = int(self._run("SELECT COUNT(DISTINCT key) FROM temp.changed").fetchone()[0])

    def touched(self) -> Sequence[Touched]:
        """Return what has to be matched again; InventoryError when a package cannot be read."""
        if not self._behind:
            return ()
        try:
            return touched(self._connection)
        except msgspec.MsgspecError as error:
            raise InventoryError(f"an inventory is damaged: {error}", REMEDY) from error

    def told(self, number: int) -> tuple[Told, ...]:
        """Return what was told; InventoryError."""
        if not number:
            return ()
        row = self._run("SELECT data FROM result WHERE id = ?", (number,)).fetchone()
        try:
            return decoded(row[0], tuple[Told, ...]) if row is not None else ()
        except msgspec.MsgspecError as error:
            raise InventoryError(f"findings in the inventories are damaged: {error}", REMEDY) from error

    def tell(self, package: int, images: Sequence[int], told: tuple[Told, ...], first: Mapping[str, str]) -> None:
        """Note what is told of a package in images now."""
        result = self._writer.result(package, told, first)
        update = "UPDATE installed SET result = ? WHERE package = ? AND image = ?"
        self._connection.executemany(update, [(result, package, image) for image in images])

    def since(self, package: int, name: str) -> str:
        """Return when a finding of a package was first told."""
        query = "SELECT first FROM since WHERE package = ? AND name = ?"
        row = self._run(query, (package, plain(name))).fetchone()
        return str(row[0]) if row is not None else ""

    def images(self, numbers: Iterable[int]) -> Mapping[int, KnownImage]:
        """Return images by number."""
        return chosen(self._connection, numbers)

    def places(self) -> Mapping[tuple[str, str], int]:
        """Return the ecosystems and releases of all packages, and of systems even without one."""
        found = {
            distribution(decoded(data, OperatingSystem)): 0
            for (data,) in self._run("SELECT data FROM system WHERE id IN (SELECT system FROM image)")
        }
        counted = "SELECT k.ecosystem, k.release, COUNT(*) FROM package p JOIN key k ON k.id = p.nearest GROUP BY 1, 2"
        nameless = "SELECT type || ' packages', '', COUNT(*) FROM package WHERE nearest IS NULL GROUP BY type"
        for query in (counted, nameless):
            for ecosystem, release, count in self._run(query):
                found[ecosystem, release] = found.get((ecosystem, release), 0) + count
        return found

    def gaps(self) -> tuple[str, ...]:
        """Return the names of images that were not read in full."""
        query = (
            "SELECT coalesce((SELECT ref FROM name WHERE image = i.id ORDER BY last DESC, ref LIMIT 1), digest)"
            " FROM image i WHERE gaps > 0 ORDER BY 1"
        )
        return tuple(row[0] for row in self._run(query))

    def keep(self) -> None:
        """Make all images stand where this data leads, and commit."""
        if self._behind:
            self._advance()
        self._run("COMMIT")

    def _fingerprints(self, advisories: SqliteAdvisories) -> str:
        """Fill `fresh` with the numbers of all keys; files of older versions have them computed here."""
        if advisories.fingerprint:
            self._run(_KEYS.format(fingerprint="advisories.fingerprint"))
            return advisories.fingerprint
        source = connect(advisories.path)
        try:
            found = compute(source)
            stamp = whole(source, found)
        finally:
            source.close()
        self._run("CREATE TEMP TABLE fingerprint(package INTEGER PRIMARY KEY, digest INTEGER NOT NULL)")
        self._connection.executemany("INSERT INTO temp.fingerprint VALUES (?, ?)", found.items())
        self._run(_KEYS.format(fingerprint="temp.fingerprint"))
        return stamp

    def _find(self, state: int, *, is_comparable: bool) -> None:
        """Note the keys and packages of a state about which advisories say something else now, or may do so."""
        if is_comparable:
            self._run(
                "INSERT INTO temp.changed SELECT s.state, s.key FROM seen s JOIN temp.fresh f ON f.key = s.key"
                " WHERE s.state = ? AND s.digest <> f.digest",
                (state,),
            )
            self._run(
                "INSERT INTO temp.touched SELECT DISTINCT p.package, c.state FROM temp.changed c"
                " JOIN spoken p ON p.key = c.key WHERE c.state = ?",
                (state,),
            )
            return
        self._run(
            "INSERT INTO temp.touched SELECT DISTINCT i.package, m.state FROM image m CROSS JOIN placed i"
            " WHERE m.state = ? AND i.image = m.id",
            (state,),
        )
        self._run(
            "INSERT INTO temp.changed SELECT DISTINCT t.state, p.key FROM temp.touched t"
            " JOIN spoken p ON p.package = t.package WHERE t.state = ?",
            (state,),
        )

    def _advance(self) -> None:
        """Join all states that were matched into one that stands for this data.

        The largest of them is changed in place: only what changed is written, unless others come to it.
        """
        marks = ",".join(map(str, self._behind))
        known = self._run("SELECT id FROM state WHERE stamp = ?", (self._stamp,)).fetchone()
        query = f"SELECT state FROM image WHERE state IN ({marks}) GROUP BY state ORDER BY COUNT(*) DESC LIMIT 1"  # noqa: S608 - numbers
        largest = self._run(query).fetchone()
        target = known or largest
        if target is None:
            return
        number = int(target[0])
        replace = "INSERT OR REPLACE INTO seen SELECT ?, key, digest FROM temp.fresh"
        if known is None:
            self._run("UPDATE state SET stamp = ?, built = ? WHERE id = ?", (self._stamp, self._built, number))
            only = " WHERE key IN (SELECT key FROM temp.changed WHERE state = ?)"
            self._run(replace + only, (number, number))
        if known is not None or len(self._behind) > 1:
            self._run(replace, (number,))
        self._run(f"UPDATE image SET state = ? WHERE state IN ({marks})", (number,))  # noqa: S608 - numbers
        gone = [one for one in self._behind if one != number]
        self._connection.executemany("DELETE FROM state WHERE id = ?", [(one,) for one in gone])
        self._connection.executemany("DELETE FROM seen WHERE state = ?", [(one,) for one in gone])
