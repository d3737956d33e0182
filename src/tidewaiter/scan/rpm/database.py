"""Chooses the reader by the first bytes of the file and not by its name: `Packages` may be any of them."""

from typing import Final

from tidewaiter.scan.rpm import bdb, ndb
from tidewaiter.scan.rpm.blobs import Blobs
from tidewaiter.scan.sqlite import Database, SqliteError

_SQLITE: Final = b"SQLite format 3\0"
_TABLE: Final = "Packages"


def read_blobs(data: bytes, wal: bytes = b"") -> Blobs:
    """Return the header blobs of a database in any of its forms; what it is not is told as damage.

    `wal` is the write-ahead log beside a sqlite database, whose packages are not yet in the file.
    """
    if data.startswith(_SQLITE) or (wal and not data):
        return read_sqlite(data, wal)
    if ndb.is_ndb(data):
        return ndb.read_ndb(data)
    if bdb.is_bdb(data):
        return bdb.read_bdb(data)
    blobs = Blobs()
    blobs.note("it is no rpm database: neither sqlite, nor ndb, nor Berkeley DB hash" if data else "it is empty")
    return blobs


def read_sqlite(data: bytes, wal: bytes = b"") -> Blobs:
    """Return the header blobs of the table `Packages(hnum, blob)` (rpm: lib/backend/sqlite.c)."""
    blobs = Blobs()
    try:
        database = Database(data, wal)
    except SqliteError as error:
        blobs.note(str(error))
        return blobs
    try:
        for row in database.rows(_TABLE):
            found = [value for value in row.values if isinstance(value, bytes)]
            if found:
                blobs.headers.append((row.id, found[0]))
            else:
                blobs.note(f"row {row.id} holds no header")
    except SqliteError as error:
        blobs.note(str(error))
    for clause in database.damage:
        blobs.note(clause)
    return blobs
