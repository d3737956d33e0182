"""The advisory file: one SQLite database, built whole and then only read (scanning guide 10.2)."""

from tidewaiter.adapters.store.builder import SqliteBuilder, build_advisories
from tidewaiter.adapters.store.reader import SqliteAdvisories, open_advisories

__all__ = ["SqliteAdvisories", "SqliteBuilder", "build_advisories", "open_advisories"]
