"""The reading side: the file is opened as immutable, so no lock, no journal and no second file is ever made."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from tidewaiter.adapters.store.schema import APPLICATION, SCALE, SCHEMA
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Exploitation, Extent, Feed, Interval, Opinion, PackageKey, Row
from tidewaiter.core.vuln.aliases import cve_number
from tidewaiter.ports.advisories import AdvisoryError

IMPORT = "run `tidewaiter db import PATH…` to make it"
REBUILD = "remove it and run `tidewaiter db import PATH…` again"

_ROWS = """
SELECT v.feed, v.record, v.vid, v.aliases, v.kind, a.lo, a.hi, a.incl, a.fixed, a.status, a.severity, v.severity,
    v.vectors, v.title, v.published
FROM package p JOIN affected a ON a.package = p.id JOIN vuln v ON v.id = a.vuln
WHERE p.name = ? AND p.ecosystem = ? AND p.release = ?
"""
_OPINIONS = """
SELECT feed, record, vid, aliases, severity, vectors FROM vuln WHERE kind <> 'withdrawn' AND id IN (
    SELECT id FROM vuln WHERE vid = ?1 UNION SELECT vuln FROM alias WHERE a = ?1
)
"""
_STATUSES = {status.value: status for status in Status}


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
        raise AdvisoryError(f"{path} is damaged or not an advisory file: {error}", REBUILD) from error
    except AdvisoryError:
        connection.close()
        raise
    return connection


def _check_maker(path: Path, application: int, schema: int) -> None:
    if application != APPLICATION:
        raise AdvisoryError(f"{path} is not an advisory file of Tidewaiter", "give the right file with `--db FILE`")
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
        self._intervals: dict[tuple[str, str, int, str], Interval] = {}
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
        self._built = next((row[0] for row in self._all("SELECT value FROM meta WHERE key = 'built'")), "")

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
        return self._built

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
        found: dict[PackageKey, tuple[Row, ...]] = {}
        for key in keys:
            rows = tuple(map(self._row, self._all(_ROWS, (key.name, key.ecosystem, key.release))))
            if rows:
                found[key] = rows
        return found

    def opinions(self, ids: Iterable[str]) -> tuple[Opinion, ...]:
        """Return the records that carry one of these ids, each once."""
        found: dict[tuple[str, str, str], Opinion] = {}
        for identity in ids:
            for feed, record, vid, aliases, severity, vectors in self._all(_OPINIONS, (identity,)):
                names = (vid, *aliases.split())
                found[feed, record, vid] = Opinion(
                    feed=feed, record=record, ids=names, severity=severity, vectors=tuple(vectors.split())
                )
        return tuple(found[key] for key in sorted(found))

    def exploitation(self, cves: Iterable[str]) -> Mapping[str, Exploitation]:
        """Return what KEV and EPSS know about these CVEs."""
        return dict(self._exploited(cves))

    def knows_source(self, ecosystem: str, names: Iterable[str]) -> frozenset[str]:
        """Return those of the names that any feed mentions in any release of the ecosystem."""
        query = "SELECT 1 FROM package WHERE name = ? AND ecosystem = ? LIMIT 1"
        return frozenset(name for name in names if self._all(query, (name, ecosystem)))

    def _exploited(self, cves: Iterable[str]) -> Iterator[tuple[str, Exploitation]]:
        for cve in cves:
            number = cve_number(cve)
            if number is None or number[1] >= 1 << 63:
                continue
            kev = self._all("SELECT due, ransomware FROM kev WHERE year = ? AND number = ?", number)
            epss = self._all("SELECT score, percentile FROM epss WHERE year = ? AND number = ?", number)
            if kev or epss:
                yield (
                    cve,
                    Exploitation(
                        cve=cve,
                        kev=bool(kev),
                        kev_due=kev[0][0] if kev else "",
                        kev_ransomware=bool(kev[0][1]) if kev else False,
                        epss=epss[0][0] / SCALE if epss else None,
                        epss_percentile=epss[0][1] / SCALE if epss else None,
                    ),
                )

    def _row(self, row: tuple[Any, ...]) -> Row:
        parts = row[5:9]
        interval = self._intervals.get(parts)
        if interval is None:
            lo, hi, inclusive, fixed = parts
            interval = Interval(lo=lo, hi=hi or None, inclusive=bool(inclusive), fixed=fixed or None)
            self._intervals[parts] = interval
        return Row(
            feed=row[0],
            record=row[1],
            id=row[2],
            aliases=tuple(row[3].split()),
            kind=row[4],
            interval=interval,
            status=_STATUSES.get(row[9], Status.UNKNOWN),
            vendor_severity=row[10],
            database_severity=row[11],
            vectors=tuple(row[12].split()),
            title=row[13],
            published=row[14],
        )

    def _all(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise AdvisoryError(f"{self.path} is damaged: {error}", REBUILD) from error
