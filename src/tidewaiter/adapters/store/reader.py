"""The reading side: the file is opened as immutable, so no lock, no journal and no second file is ever made."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import msgspec

from tidewaiter.adapters.store.rows import ABOUT, QUERY, RowMaker, Scores
from tidewaiter.adapters.store.schema import APPLICATION, SCALE, SCHEMA
from tidewaiter.core.vuln.advisory import (
    Exploitation,
    Extent,
    Feed,
    Opinion,
    PackageKey,
    Row,
    Support,
)
from tidewaiter.core.vuln.aliases import cve_number
from tidewaiter.ports.advisories import AdvisoryError

IMPORT = "run `tidewaiter db update` to fetch it, or `tidewaiter db import PATH…` with documents that you have"
REBUILD = "move it away and run `tidewaiter db import PATH…` again"
ANOTHER = "name the right file, or a new one to import into, with `--db FILE`"

_NAMED = """
WITH wanted(id) AS (VALUES {values})
SELECT v.id FROM wanted w CROSS JOIN vuln v WHERE v.vid = w.id
UNION SELECT a.vuln FROM wanted w CROSS JOIN alias a WHERE a.a = w.id
"""
# A list of numbers, not a join with `_NAMED`: for that SQLite first reads the whole table to build a Bloom filter.
_OPINIONS = """
SELECT feed, record, vid, aliases, severity, cwes, score, vectors FROM vuln
WHERE id IN (VALUES {values}) AND kind <> 'withdrawn'
    AND (score >= 0 OR severity <> '' OR cwes <> '' OR aliases <> '')
"""
_PACKAGES = "SELECT id, name, ecosystem, release FROM package WHERE id IN (VALUES {values})"
_EXPLOITATION = """
WITH wanted(year, number) AS (VALUES {values})
SELECT w.year, w.number, k.due, k.ransomware, e.score, e.percentile FROM wanted w
LEFT JOIN kev k ON k.year = w.year AND k.number = w.number LEFT JOIN epss e ON e.year = w.year AND e.number = w.number
WHERE k.year IS NOT NULL OR e.year IS NOT NULL
"""
_BATCH = 250  # keys per query; SQLite allows many more parameters, but parsing a long list costs more than it saves


def open_advisories(path: Path) -> "SqliteAdvisories":
    """Return the advisory data of a file, to be used in a `with` statement.

    AdvisoryError when the file is missing, is not one of ours, is damaged, or was made by a newer version.
    """
    if not path.is_file():
        raise AdvisoryError(f"there is no advisory data at {path}", IMPORT)
    connection = connect(path)
    try:
        return SqliteAdvisories(connection, path)
    except AdvisoryError:
        connection.close()
        raise


def connect(path: Path) -> sqlite3.Connection:
    """Return a read-only connection after looking at who made the file and with which schema; AdvisoryError."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise AdvisoryError(f"{path} cannot be opened: {error}", REBUILD) from error
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        schema = connection.execute("PRAGMA user_version").fetchone()[0]
        _check_maker(path, application, schema)
    except sqlite3.Error as error:
        connection.close()
        raise AdvisoryError(f"{path} is damaged or not an advisory file: {error}", ANOTHER) from error
    except AdvisoryError:
        connection.close()
        raise
    return connection


def _check_maker(path: Path, application: int, schema: int) -> None:
    if application != APPLICATION:
        raise AdvisoryError(f"{path} is not an advisory file of Tidewaiter", ANOTHER)
    if schema != SCHEMA:
        newer = "update tidewaiter, or import into another file with `--db FILE`"
        message = f"{path} has schema {schema}, this version reads {SCHEMA}"
        raise AdvisoryError(message, newer if schema > SCHEMA else REBUILD)


class SqliteAdvisories:
    """Advisory data of one file; implements `core.vuln.AdvisorySource`. Every read may raise AdvisoryError."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Read the small tables at once; the rest when asked."""
        self.path = path
        self._connection = connection
        self._scores = Scores()
        self._maker = RowMaker(self._scores)
        self._feeds = tuple(
            Feed(
                id=row[0],
                name=row[1],
                url=row[2],
                licence=row[3],
                taken=row[4],
                records=row[5],
                precedence=row[6],
                fixes_only=bool(row[7]),
            )
            for row in self._all("SELECT * FROM feed ORDER BY id")
        )
        self._extents = tuple(
            Extent(feed=row[0], ecosystem=row[1], release=row[2], records=row[3], newest=row[4])
            for row in self._all("SELECT * FROM extent ORDER BY feed, ecosystem, release")
        )
        self._meta = dict(self._all("SELECT key, value FROM meta"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def built(self) -> str:
        """Return the RFC 3339 time of the last import."""
        return str(self._meta.get("built", ""))

    @property
    def fingerprint(self) -> str:
        """Return a text that is equal where all findings are equal (`fingerprints`); empty in files without it."""
        return str(self._meta.get("fingerprint", ""))

    @property
    def size(self) -> int:
        """Return the bytes of the file."""
        return self.path.stat().st_size

    def feeds(self) -> tuple[Feed, ...]:
        """Return the feeds, by id."""
        return self._feeds

    def extents(self) -> tuple[Extent, ...]:
        """Return how much each feed says about each ecosystem and release."""
        return self._extents

    def rows(self, keys: Iterable[PackageKey]) -> Mapping[PackageKey, tuple[Row, ...]]:
        """Return every statement about these packages; packages that nobody speaks of are absent."""
        wanted = list(dict.fromkeys(keys))
        places = [(place, _text(key.name), key.ecosystem, key.release) for place, key in enumerate(wanted)]
        try:
            found = self._maker.rows(self._batches(QUERY, places))
        except msgspec.MsgspecError as error:
            raise AdvisoryError(f"{self.path} is damaged: {error}", REBUILD) from error
        return {wanted[place]: tuple(rows) for place, rows in found.items()}

    def rows_about(self, ids: Iterable[str]) -> Mapping[PackageKey, tuple[Row, ...]]:
        """Return every statement of the records that carry one of these ids, by package; reads the whole file."""
        numbers = sorted(set(self._batches(_NAMED, [(name,) for name in ids])))
        try:
            found = self._maker.rows(self._batches(ABOUT, numbers))
        except msgspec.MsgspecError as error:
            raise AdvisoryError(f"{self.path} is damaged: {error}", REBUILD) from error
        packages = {
            number: PackageKey(name=name, ecosystem=ecosystem, release=release)
            for number, name, ecosystem, release in self._batches(_PACKAGES, [(place,) for place in found])
        }
        return {packages[place]: tuple(rows) for place, rows in found.items() if place in packages}

    def opinions(self, ids: Iterable[str]) -> tuple[Opinion, ...]:
        """Return the records that carry one of these ids, each once."""
        found: dict[tuple[str, str, str], Opinion] = {}
        numbers = set(self._batches(_NAMED, [(name,) for name in ids]))
        for feed, record, vid, aliases, severity, cwes, *scored in self._batches(_OPINIONS, sorted(numbers)):
            names = (vid, *aliases.split())
            score = self._scores[tuple(scored)]
            found[feed, record, vid] = Opinion(
                feed=feed, record=record, ids=names, severity=severity, cvss=score, cwes=tuple(cwes.split())
            )
        return tuple(found[key] for key in sorted(found))

    def exploitation(self, cves: Iterable[str]) -> Mapping[str, Exploitation]:
        """Return what KEV and EPSS know about these CVEs."""
        numbers = {number: cve for cve in cves if (number := cve_number(cve)) is not None and number[1] < 1 << 63}
        return {
            numbers[row[:2]]: Exploitation(
                cve=numbers[row[:2]],
                kev=row[2] is not None,
                kev_due=row[2] or "",
                kev_ransomware=bool(row[3]),
                epss=row[4] / SCALE if row[4] is not None else None,
                epss_percentile=row[5] / SCALE if row[5] is not None else None,
            )
            for row in self._batches(_EXPLOITATION, list(numbers))
        }

    def repository_cpes(self, names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the CPEs of content sets; `…__8` is looked up without its suffix when it is not known with it."""
        query = "SELECT cpes FROM repository WHERE name = ?"
        found: dict[str, tuple[str, ...]] = {}
        for name in names:
            plain, mark, number = name.rpartition("__")
            spellings = (name, plain) if mark and number.isdigit() else (name,)
            rows = next((rows for text in spellings if (rows := self._all(query, (text,)))), [])
            if rows:
                found[name] = tuple(rows[0][0].split())
        return found

    def knows_source(self, ecosystem: str, names: Iterable[str]) -> frozenset[str]:
        """Return those of the names that any feed mentions in any release of the ecosystem."""
        query = "SELECT 1 FROM package WHERE name = ? AND ecosystem = ? LIMIT 1"
        return frozenset(name for name in names if self._all(query, (_text(name), ecosystem)))

    def support(self, product: str) -> tuple[Support, ...]:
        """Return the dated releases of a product, by release."""
        query = "SELECT product, release, codename, ends, extended FROM support WHERE product = ? ORDER BY release"
        return tuple(
            Support(product=row[0], release=row[1], codename=row[2], ends=row[3], extended=row[4])
            for row in self._all(query, (product,))
        )

    def _batches(self, query: str, keys: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query for all keys, many keys at a time."""
        for start in range(0, len(keys), _BATCH):
            part = keys[start : start + _BATCH]
            marks = ",".join("?" * len(part[0]))
            values = ",".join(f"({marks})" for _ in part)
            yield from self._all(query.format(values=values), tuple(value for key in part for value in key))

    def _all(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, parameters).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise AdvisoryError(f"{self.path} is damaged: {error}", REBUILD) from error


def _text(name: str) -> str:
    """Return a name as it can be asked for: broken bytes, of which no advisory speaks, become question marks."""
    return name if name.isascii() else name.encode("utf-8", "replace").decode()
