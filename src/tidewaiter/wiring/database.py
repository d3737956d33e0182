"""Advisory data."""

from collections.abc import Sequence
from pathlib import Path

from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feeds import registry as feed_registry
from tidewaiter.adapters.store import build_advisories
from tidewaiter.operations.advisories import Imported, import_advisories
from tidewaiter.wiring.settings import Progress


def run_import(paths: Sequence[str], *, database: Path, progress: Progress) -> Imported:
    """Import advisory data into a file, which changes only when all of it was read; AdvisoryError."""
    with build_advisories(database, now=SystemClock().now()) as builder:
        documents = (document for path in paths for document in open_documents(Path(path)))
        return import_advisories(documents, feeds=feed_registry(), builder=builder, progress=progress)
