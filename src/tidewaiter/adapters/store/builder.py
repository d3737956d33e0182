"""The writing side: everything happens in a temporary file beside the old one, which is replaced at the very end."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tidewaiter.adapters.store.files import alone, keep_previous
from tidewaiter.adapters.store.fingerprints import write_fingerprints
from tidewaiter.adapters.store.reader import connect
from tidewaiter.adapters.store.renewal import Renewal
from tidewaiter.adapters.store.schema import (
    APPLICATION,
    BUILD_INDEXES,
    DROP_BUILD_INDEXES,
    EXTENTS,
    SCALE,
    SCHEMA,
    TABLES,
)
from tidewaiter.core.vuln.advisory import Exploitation, Item, PackageKey, Record, RepositoryCpes, Statement, Support
from tidewaiter.core.vuln.aliases import cve_number
from tidewaiter.core.vuln.cvss import best
from tidewaiter.ports.advisories import AdvisoryError, FeedReader

_VERSION = "1"


@contextlib.contextmanager
def build_advisories(path: Path, *, now: datetime) -> Iterator["SqliteBuilder"]:
    """Yield a builder that continues the file at `path`, or starts it; the file changes only when the block succeeds.

    Readers of the old file keep reading it, other builders wait. AdvisoryError when the old file is not ours or the
    folder is not writable.
    """
    with contextlib.ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(alone(path))
            if path.exists():
                connect(path).close()
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
            os.close(handle)
        except OSError as error:
            message = f"{path.parent} cannot be written: {error.strerror or error}"
            raise AdvisoryError(message, "choose another file with `--db FILE`") from error
        yield from _built(path, Path(name), now)


def _built(path: Path, temporary: Path, now: datetime) -> Iterator["SqliteBuilder"]:
    try:
        if path.exists():
            shutil.copyfile(path, temporary)
        builder = SqliteBuilder(temporary, now)
        try:
            yield builder
            builder.finish()
        finally:
            builder.close()
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        keep_previous(path)
        temporary.replace(path)
    except (sqlite3.Error, OSError) as error:
        message = f"{path} could not be built: {error}"
        raise AdvisoryError(message, "check free space; the old file was not touched") from error
    finally:
        temporary.unlink(missing_ok=True)


class SqliteBuilder:
    """Implements `ports.advisories.AdvisoryBuilder` on one file that nobody else has open."""

    def __init__(self, path: Path, now: datetime) -> None:
        """Open the file and make the tables when it is empty; dates after `now` are mistakes and not believed."""
        self._now = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._run = self._connection.execute
        self._run("PRAGMA journal_mode = MEMORY")
        self._run("PRAGMA synchronous = OFF")
        self._run("PRAGMA cache_size = -64000")
        if not self._run("PRAGMA user_version").fetchone()[0]:
            self._connection.executescript(TABLES)
            self._run(f"PRAGMA application_id = {APPLICATION}")
            self._run(f"PRAGMA user_version = {SCHEMA}")
        self._connection.executescript(BUILD_INDEXES)
        self._run("BEGIN")
        self._run("UPDATE vuln SET document = 0 WHERE document <> 0")
        self._reader: FeedReader | None = None
        self._document = 0
        self._begun: set[str] = set()
        self._packages: dict[PackageKey, int] = {}
        self._decided: dict[tuple[str, str], bool] = {}
        self._renewal = Renewal(self._connection)

    def close(self) -> None:
        """Close the file; what was not finished is lost."""
        self._connection.close()

    def begin(self, reader: FeedReader) -> None:
        """Start a document; the first one of a snapshot feed drops what earlier imports brought."""
        self._reader = reader
        self._document += 1
        self._decided.clear()
        if reader.is_snapshot:
            self._run("SAVEPOINT document")
            if reader.id not in self._begun:
                self._clear(reader.id)

    def end(self, taken: str) -> None:
        """Finish the document and keep the newest time that documents of this import told."""
        reader = self._current()
        feed = reader.feed
        if taken > self._now:
            query = "SELECT coalesce(max(modified), '') FROM vuln WHERE feed = ?"
            taken = self._run(query, (feed.id,)).fetchone()[0]
        values = (feed.id, feed.name, feed.url, feed.licence, taken, feed.precedence, feed.fixes_only)
        self._run("INSERT OR IGNORE INTO feed VALUES (?, ?, ?, ?, ?, 0, ?, ?)", values)
        if reader.is_snapshot and reader.id not in self._begun:
            self._run("UPDATE feed SET taken = ? WHERE id = ?", (taken, feed.id))
        self._run("UPDATE feed SET taken = max(taken, ?) WHERE id = ?", (taken, feed.id))
        if reader.is_snapshot:
            self._run("RELEASE document")
        self._begun.add(reader.id)
        self._reader = None

    def abandon(self) -> None:
        """Undo the document of a snapshot feed; of other feeds keep what was read, as every record stands alone."""
        if self._current().is_snapshot:
            self._run("ROLLBACK TO document")
            self._run("RELEASE document")
            self._packages.clear()
            self._renewal.forget()
            self._reader = None
        else:
            self.end("")

    def add(self, item: Item) -> None:
        """Keep one item."""
        if isinstance(item, Record):
            self._record(item)
        elif isinstance(item, Support):
            row = (item.product, item.release, item.codename, item.ends, item.extended, self._current().id)
            self._run("INSERT OR REPLACE INTO support VALUES (?, ?, ?, ?, ?, ?)", row)
        elif isinstance(item, RepositoryCpes):
            values = (item.name, " ".join(item.cpes), self._current().id)
            self._run("INSERT OR REPLACE INTO repository VALUES (?, ?, ?)", values)
        else:
            self._exploitation(item)

    def finish(self) -> None:
        """Count, note the time, drop what only building needed, and make the file compact."""
        self._connection.executescript(EXTENTS)
        write_fingerprints(self._connection)
        for key, value in (("built", self._now), ("schema", str(SCHEMA)), ("min-scanner", _VERSION)):
            self._run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        if self._connection.in_transaction:
            self._run("COMMIT")
        self._connection.executescript(DROP_BUILD_INDEXES)
        self._run("PRAGMA optimize")
        self._run("VACUUM")

    def _record(self, record: Record) -> None:
        if record.modified > self._now:
            record = msgspec.structs.replace(record, modified="")
        if not self._is_wanted(record):
            return
        packages = [self._package(statement.key) for statement in record.statements]
        self._renewal.packages(self._current(), packages)
        texts = (" ".join(record.aliases), record.title, record.published, record.modified, " ".join(record.cwes))
        row = (record.feed, record.record, record.id, record.kind, record.severity, *_scored(record.vectors), *texts)
        insert = "INSERT OR IGNORE INTO vuln VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        cursor = self._run(insert, (*row, self._document))
        if cursor.rowcount:
            number = cursor.lastrowid or 0
        else:
            find = "SELECT id, document FROM vuln WHERE record = ? AND feed = ? AND vid = ?"
            number, document = self._run(find, (record.record, record.feed, record.id)).fetchone()
            self._run("UPDATE vuln SET modified = max(modified, ?) WHERE id = ?", (record.modified, number))
            if not document and not record.modified:
                self._renewal.record(number, packages)
        aliases = [(alias, number) for alias in record.aliases]
        self._connection.executemany("INSERT OR IGNORE INTO alias VALUES (?, ?)", aliases)
        rows = [
            _affected(statement, package, number)
            for statement, package in zip(record.statements, packages, strict=True)
        ]
        self._connection.executemany("INSERT OR IGNORE INTO affected VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _is_wanted(self, record: Record) -> bool:
        """Tell whether a record is at least as new as what other documents brought, and drop what is older."""
        name = (record.feed, record.record)
        if name in self._decided:
            return self._decided[name]
        query = "SELECT id, modified FROM vuln WHERE record = ? AND feed = ? AND document <> ?"
        known = self._run(query, (record.record, record.feed, self._document)).fetchall()
        wanted = all(modified <= record.modified for _, modified in known)
        for number, modified in known:
            if modified < record.modified:
                self._drop("id = ?", number)
        if known:
            self._decided[name] = wanted
        return wanted

    def _package(self, key: PackageKey) -> int:
        number = self._packages.get(key)
        if number is None:
            names = (key.name, key.ecosystem, key.release)
            self._run("INSERT OR IGNORE INTO package VALUES (NULL, ?, ?, ?)", names)
            find = "SELECT id FROM package WHERE name = ? AND ecosystem = ? AND release = ?"
            number = self._packages[key] = int(self._run(find, names).fetchone()[0])
        return number

    def _exploitation(self, item: Exploitation) -> None:
        number = cve_number(item.cve)
        if number is None or number[1] >= 1 << 63:
            return
        if item.kev:
            values = (*number, item.kev_due, int(item.kev_ransomware))
            self._run("INSERT OR REPLACE INTO kev VALUES (?, ?, ?, ?)", values)
        if item.epss is not None:
            figures = (round(item.epss * SCALE), round((item.epss_percentile or 0.0) * SCALE))
            self._run("INSERT OR REPLACE INTO epss VALUES (?, ?, ?, ?)", (*number, *figures))

    def _clear(self, feed: str) -> None:
        self._drop("feed = ?", feed)
        self._run("DELETE FROM support WHERE feed = ?", (feed,))
        self._run("DELETE FROM repository WHERE feed = ?", (feed,))
        if feed in {"kev", "epss"}:
            self._run(f"DELETE FROM {feed}")  # noqa: S608 - one of two constants

    def _drop(self, condition: str, value: str | int) -> None:
        chosen = f"(SELECT id FROM vuln WHERE {condition})"  # noqa: S608 - constant conditions
        self._run(f"DELETE FROM affected WHERE vuln IN {chosen}", (value,))  # noqa: S608 - constant conditions
        self._run(f"DELETE FROM alias WHERE vuln IN {chosen}", (value,))  # noqa: S608
        self._run(f"DELETE FROM vuln WHERE {condition}", (value,))  # noqa: S608

    def _current(self) -> FeedReader:
        if self._reader is None:
            raise AdvisoryError("no document was begun", "this is a defect of tidewaiter, please report it")
        return self._reader


def _affected(statement: Statement, package: int, number: int) -> tuple[int, int, str, str, int, str, str, str, str]:
    interval = statement.interval
    ends = (interval.lo, interval.hi or "", interval.inclusive | interval.above << 1, interval.fixed or "")
    asked = msgspec.json.encode(statement.qualifiers).decode() if statement.qualifiers else ""
    return (package, number, *ends, statement.status.value, statement.severity, asked)


def _scored(vectors: tuple[str, ...]) -> tuple[int, str]:
    """Return the best score in tenths, -1 for none, and the vectors with the best one first."""
    found = best(vectors)
    if found is None:
        return -1, " ".join(vectors)
    others = (vector for vector in vectors if vector.strip().strip("()") != found.vector)
    return round(found.score * 10), " ".join((found.vector, *others))
