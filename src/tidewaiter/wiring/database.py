"""Advisory data from documents: into the present file, or into a new one."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.documents import OpenDocument, open_documents
from tidewaiter.adapters.feeds import registry as feed_registry
from tidewaiter.adapters.feeds.left_out import why_left_out
from tidewaiter.adapters.store import build_advisories, fresh_file, replace
from tidewaiter.operations.advisories import Imported, import_advisories
from tidewaiter.ports.advisories import DocumentError
from tidewaiter.wiring.settings import Progress


def run_import(paths: Sequence[str], *, database: Path, progress: Progress) -> Imported:
    """Import advisory data into a file, which changes only when all of it was read; AdvisoryError."""
    with build_advisories(database, now=SystemClock().now()) as builder:
        return import_advisories(
            documents(paths), feeds=feed_registry(), builder=builder, progress=progress, explain=why_left_out
        )


def run_build(
    paths: Sequence[str], *, output: Path, built: datetime | None, progress: Progress, epoch: int | None = None
) -> Imported:
    """Make a new file of documents; an old one under the name is replaced when all was read. AdvisoryError.

    With `built`, or with `epoch` of the environment, the same documents give the same bytes, wherever and whenever.
    """
    now = built or SystemClock(epoch).now()
    dated = "" if built is None and epoch is None else now.strftime("%Y-%m-%dT%H:%M:%SZ")
    with fresh_file(output) as temporary:
        with build_advisories(temporary, now=now) as builder:
            result = import_advisories(
                documents(paths),
                feeds=feed_registry(),
                builder=builder,
                progress=progress,
                explain=why_left_out,
                dated=dated,
            )
        replace(temporary, output)
    return result


def documents(paths: Sequence[str]) -> Iterator[OpenDocument | DocumentError]:
    """Yield the documents of all paths in their order; AdvisoryError."""
    return (document for path in paths for document in open_documents(Path(path)))
