"""Imports advisory documents into a file and judges single lines, for the tests of advisories and matching."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feeds import registry
from tidewaiter.adapters.store import build_advisories
from tidewaiter.operations.advisories import Imported, import_advisories

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def import_into(database: Path, *paths: Path, now: datetime = NOW) -> Imported:
    """Import files and folders in one run, as `tidewaiter db import` does."""
    with build_advisories(database, now=now) as builder:
        documents = (document for path in paths for document in open_documents(path))
        return import_advisories(documents, feeds=registry(), builder=builder)


def write(folder: Path, name: str, lines: Iterable[str]) -> Path:
    """Write lines into a file of a folder and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
