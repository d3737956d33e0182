"""Reads tables of a SQLite database from its bytes (sqlite.org: fileformat2), without SQL, locks or files."""

from tidewaiter.scan.sqlite.database import Database, Row, SqliteError, Value

__all__ = ["Database", "Row", "SqliteError", "Value"]
