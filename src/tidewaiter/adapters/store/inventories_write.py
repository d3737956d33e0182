"""Writes one image into the file of inventories; every method works inside the caller's transaction."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from tidewaiter.adapters.store.inventories_rows import Content, Rows, encoded, hashed, plain, told_by_content
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln.ecosystems import keys_of
from tidewaiter.core.vuln.rematch import Told, is_language

_BATCH = 400
_FIND_KEY = "SELECT id FROM key WHERE name = ? AND ecosystem = ? AND release = ?"


class Writer:
    """Adds images, contents and results."""

    def __init__(self, connection: sqlite3.Connection, now: str) -> None:
        """Write with a connection; `now` is the date of everything new."""
        self._run = connection.execute
        self._many = connection.executemany
        self._now = now

    def seen_again(self, identity: str, inventory: bytes) -> int | None:
        """Note that an image was seen; return its number, None when it is not known with these packages."""
        row = self._run("SELECT id, inventory FROM image WHERE identity = ?", (identity,)).fetchone()
        if row is None or row[1] != inventory:
            return None
        self._run("UPDATE image SET last = max(last, ?) WHERE id = ?", (self._now, row[0]))
        return int(row[0])

    def named(self, number: int, names: Iterable[str]) -> None:
        """Keep references of an image."""
        rows = [(plain(name), number, self._now, self._now) for name in names if name]
        insert = "INSERT INTO name VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)"
        self._many(insert, rows)

    def image(self, image: Image, identity: str, rows: Rows, found: Sequence[Vulnerability], state: int) -> int:
        """Write an image with all its packages; return its number.

        One that is known with other packages keeps its number, and of the packages that stay what was told of them:
        it is matched anew in the next pass, so that what changed since the last one is still told then.
        """
        values = (plain(image.digest), plain(image.source), rows.inventory, self._system(rows.system))
        created = image.config.created if image.config is not None else ""
        figures = (rows.base, rows.layers, sum(map(len, rows.places.values())), rows.gaps, plain(created))
        number, before = self._replaced(identity)
        if number:
            self._run(
                "UPDATE image SET digest = ?, source = ?, inventory = ?, system = ?, base = ?, layers = ?, packages = ?,"
                " gaps = ?, created = ?, state = ?, last = max(last, ?) WHERE id = ?",
                (*values, *figures, self.state("", ""), self._now, number),
            )
        else:
            insert = "INSERT INTO image VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            row = (identity, *values, *figures, state, self._now, self._now)
            number = int(self._run(insert, row).lastrowid or 0)
        numbers = self._packages(rows)
        results = {
            numbers[name]: self.result(numbers[name], told, dict.fromkeys((one.id for one in told), ""))
            for name, told in told_by_content(rows, found).items()
        } | before
        installed = [(package, number, results.get(package, 0)) for package in numbers.values()]
        self._many("INSERT INTO installed VALUES (?, ?, ?)", sorted(installed))
        self._place(number, numbers, rows)
        return number

    def result(self, package: int, told: tuple[Told, ...], first: Mapping[str, str]) -> int:
        """Return the number of what is told of a package, 0 for nothing.

        `first` maps ids that may never have been told to those of the same defects before, empty for new ones.
        """
        if not told:
            return 0
        data = encoded(told)
        name = hashed(package.to_bytes(8, "big"), data)
        known = self._run("SELECT id FROM result WHERE hash = ?", (name,)).fetchone()
        if known is not None:
            return int(known[0])
        copy = "INSERT OR IGNORE INTO since SELECT package, ?, first FROM since WHERE package = ? AND name = ?"
        self._many(copy, [(plain(new), package, plain(old)) for new, old in first.items() if old])
        self._many("INSERT OR IGNORE INTO since VALUES (?, ?, ?)", [(package, plain(new), self._now) for new in first])
        counted = sum(not one.suppressed for one in told)
        insert = "INSERT INTO result VALUES (NULL, ?, ?, ?, ?)"
        return int(self._run(insert, (name, package, counted, data)).lastrowid or 0)

    def state(self, stamp: str, built: str) -> int:
        """Return the number of the state of images that were matched by this data."""
        self._run("INSERT OR IGNORE INTO state VALUES (NULL, ?, ?)", (stamp, built))
        return int(self._run("SELECT id FROM state WHERE stamp = ?", (stamp,)).fetchone()[0])

    def matched(self, image: int, state: int) -> None:
        """Keep by which advisories the packages of an image were matched, from the attached file."""
        self._run(
            "INSERT OR IGNORE INTO seen SELECT ?, k.id, coalesce(f.digest, 0) FROM"
            " (SELECT DISTINCT s.key FROM placed p JOIN spoken s ON s.package = p.package WHERE p.image = ?) w"
            " JOIN key k ON k.id = w.key LEFT JOIN advisories.package a"
            " ON a.name = k.name AND a.ecosystem = k.ecosystem AND a.release = k.release"
            " LEFT JOIN advisories.fingerprint f ON f.package = a.id",
            (state, image),
        )

    def _replaced(self, identity: str) -> tuple[int, dict[int, int]]:
        """Remove the packages of a known image; return its number, 0 for none, and what was told of each package."""
        row = self._run("SELECT id FROM image WHERE identity = ?", (identity,)).fetchone()
        if row is None:
            return 0, {}
        members = "(SELECT DISTINCT package FROM placed WHERE image = ?)"
        query = f"SELECT package, result FROM installed WHERE image = ? AND package IN {members}"  # noqa: S608 - constant
        before = dict(self._run(query, (row[0], row[0])).fetchall())
        self._many("DELETE FROM installed WHERE package = ? AND image = ?", [(one, row[0]) for one in before])
        self._run("DELETE FROM placed WHERE image = ?", (row[0],))
        return int(row[0]), before

    def _system(self, system: OperatingSystem | None) -> int:
        if system is None:
            return 0
        data = encoded(system)
        self._run("INSERT OR IGNORE INTO system VALUES (NULL, ?, ?)", (hashed(data), data))
        return int(self._run("SELECT id FROM system WHERE hash = ?", (hashed(data),)).fetchone()[0])

    def _packages(self, rows: Rows) -> dict[bytes, int]:
        """Return the number of every content, new ones written with their keys."""
        numbers = self._known(list(rows.contents))
        system = self._system(rows.system)
        keys: dict[tuple[str, str, str], int] = {}
        spoken: list[tuple[int, int]] = []
        for name, content in rows.contents.items():
            if name not in numbers:
                found = [self._key(key, keys) for key in _keys(content, rows.system)]
                number = numbers[name] = self._package(content, system, found[0] if found else None)
                spoken += [(key, number) for key in dict.fromkeys(found)]
        self._many("INSERT INTO spoken VALUES (?, ?)", sorted(spoken))
        return numbers

    def _known(self, names: Sequence[bytes]) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        for start in range(0, len(names), _BATCH):
            part = names[start : start + _BATCH]
            marks = ",".join("?" * len(part))
            found |= dict(self._run(f"SELECT hash, id FROM package WHERE hash IN ({marks})", part))  # noqa: S608
        return found

    def _package(self, content: Content, system: int, nearest: int | None) -> int:
        package = content.package
        language = is_language(package)
        texts = (plain(package.type), plain(package.name), plain(package.owner) if language else "")
        values = (content.hash, 0 if language else system, *texts, int(language), nearest, content.data)
        insert = "INSERT INTO package VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)"
        return int(self._run(insert, values).lastrowid or 0)

    def _key(self, key: tuple[str, str, str], known: dict[tuple[str, str, str], int]) -> int:
        number = known.get(key)
        if number is None:
            row = self._run(_FIND_KEY, key).fetchone()
            if row is None:
                number = int(self._run("INSERT INTO key VALUES (NULL, ?, ?, ?)", key).lastrowid or 0)
            else:
                number = int(row[0])
            known[key] = number
        return number

    def _place(self, number: int, numbers: Mapping[bytes, int], rows: Rows) -> None:
        paths = sorted({(path, inside) for places in rows.places.values() for _, path, inside in places})
        self._many("INSERT OR IGNORE INTO place VALUES (NULL, ?, ?)", paths)
        find = "SELECT id FROM place WHERE path = ? AND inside = ?"
        known = {path: int(self._run(find, path).fetchone()[0]) for path in paths}
        placed = {
            (number, numbers[name], known[path, inside], layer)
            for name, places in rows.places.items()
            for layer, path, inside in places
        }
        self._many("INSERT INTO placed VALUES (?, ?, ?, ?)", sorted(placed))


def _keys(content: Content, system: OperatingSystem | None) -> list[tuple[str, str, str]]:
    return [(plain(key.name), plain(key.ecosystem), plain(key.release)) for key in keys_of(content.package, system)]
