"""The advisory file: one SQLite database, built whole and then only read (scanning guide 10.2)."""

from tidewaiter.adapters.store.builder import SqliteBuilder, build_advisories
from tidewaiter.adapters.store.difference import difference
from tidewaiter.adapters.store.files import damage, describe, fresh_file, install, previous, replace, restore
from tidewaiter.adapters.store.reader import SqliteAdvisories, open_advisories

__all__ = [
    "SqliteAdvisories",
    "SqliteBuilder",
    "build_advisories",
    "damage",
    "describe",
    "difference",
    "fresh_file",
    "install",
    "open_advisories",
    "previous",
    "replace",
    "restore",
]
