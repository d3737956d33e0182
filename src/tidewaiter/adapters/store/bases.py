"""The index of base images in one SQLite file, shared by runs that add to it and runs that look things up."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tidewaiter.ports.bases import BaseIndexError, KnownBase

_APPLICATION: Final = 0x54574249  # "TWBI", in SQLite's application_id
_SCHEMA: Final = 1
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS base(
    chain TEXT NOT NULL, name TEXT NOT NULL, layers INTEGER NOT NULL, digest TEXT NOT NULL, created TEXT NOT NULL,
    seen TEXT NOT NULL, PRIMARY KEY(chain, name)
) WITHOUT ROWID;
"""
_COLUMNS: Final = "chain, name, layers, digest, created, seen"
_BATCH: Final = 500
_REMEDY: Final = "move the file away and add the bases again with `tidewaiter base import`"


class SqliteBases:
    """Implements `ports.bases.BaseRegister`; opens the file for each question, so that no lock outlives one."""

    def __init__(self, path: Path) -> None:
        """Use the file at `path`, which need not exist before something is added."""
        self.path = path

    def find(self, chain_ids: Sequence[str]) -> Mapping[str, tuple[KnownBase, ...]]:
        """Return the known bases by ChainID, the newest build first."""
        found: dict[str, list[KnownBase]] = {}
        for start in range(0, len(chain_ids), _BATCH):
            part = tuple(chain_ids[start : start + _BATCH])
            marks = ",".join("?" * len(part))
            for base in self._read(f"WHERE chain IN ({marks})", part):
                found.setdefault(base.chain_id, []).append(base)
        return {
            chain: tuple(sorted(bases, key=lambda base: (base.created, base.seen, base.name), reverse=True))
            for chain, bases in found.items()
        }

    def all(self) -> tuple[KnownBase, ...]:
        """Return every known base, by name and age."""
        return tuple(sorted(self._read("", ()), key=lambda base: (base.name, base.created, base.chain_id)))

    def add(self, bases: Iterable[KnownBase]) -> int:
        """Keep bases in one transaction; one that is known gets its newest digest and dates."""
        rows = [(b.chain_id, b.name, b.layers, b.digest, b.created, b.seen) for b in bases]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BaseIndexError(
                f"{self.path.parent} cannot be made: {error.strerror}", "set TIDEWAITER_STATE"
            ) from error
        with self._connected("rwc") as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            _prepare(connection, self.path)
            before = connection.execute("SELECT COUNT(*) FROM base").fetchone()[0]
            connection.executemany("INSERT OR REPLACE INTO base VALUES (?, ?, ?, ?, ?, ?)", rows)
            after = connection.execute("SELECT COUNT(*) FROM base").fetchone()[0]
            connection.execute("COMMIT")
        return int(after - before)

    def _read(self, condition: str, parameters: tuple[str, ...]) -> list[KnownBase]:
        if not self.path.exists():
            return []
        with self._connected("ro") as connection:
            _check(connection, self.path)
            query = f"SELECT {_COLUMNS} FROM base {condition}"  # noqa: S608 - constant conditions
            return [_base(row) for row in connection.execute(query, parameters)]

    @contextlib.contextmanager
    def _connected(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={mode}", uri=True, timeout=10, isolation_level=None
            )
        except sqlite3.Error as error:
            raise BaseIndexError(f"{self.path} cannot be opened: {error}", _REMEDY) from error
        try:
            yield connection
        except sqlite3.Error as error:
            raise BaseIndexError(f"{self.path} cannot be used: {error}", _REMEDY) from error
        finally:
            connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
        if connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()[0]:
            raise BaseIndexError(
                f"{path} is not an index of base images", "choose another folder with TIDEWAITER_STATE"
            )
        connection.execute(_TABLES)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_SCHEMA}")
    _check(connection, path)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    maker = connection.execute("PRAGMA application_id").fetchone()[0]
    schema = connection.execute("PRAGMA user_version").fetchone()[0]
    if maker != _APPLICATION:
        raise BaseIndexError(f"{path} is not an index of base images", "choose another folder with TIDEWAITER_STATE")
    if schema != _SCHEMA:
        raise BaseIndexError(f"{path} has schema {schema}, this version reads {_SCHEMA}", _REMEDY)


def _base(row: tuple[Any, ...]) -> KnownBase:
    chain, name, layers, digest, created, seen = row
    return KnownBase(name=name, chain_id=chain, layers=layers, digest=digest, created=created, seen=seen)
