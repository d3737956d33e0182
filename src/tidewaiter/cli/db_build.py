"""`tidewaiter db build`: a new database from documents."""

import os
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tidewaiter import wiring
from tidewaiter.cli.db_shared import INCOMPLETE, NothingNamedError, tell
from tidewaiter.cli.output import emit, progress


class BuiltError(ValueError):
    """`--built` that is no time."""

    advice = "write it as 2026-11-25T00:00:00Z"

    def __init__(self, text: str) -> None:
        """Say what was given."""
        super().__init__(f"`{text}` is no time")


def db_build(
    *paths: str,
    output: Annotated[str, Parameter(name=("--output", "-o"))],
    built: Annotated[str, Parameter(show_default=False)] = "",
) -> int:
    """Build a new database from documents: files, archives and folders of every feed.

    Unlike `db import` nothing of an older file is kept. The same documents give the same bytes when `--built` or
    SOURCE_DATE_EPOCH fixes the time. Prints records per feed, time and size. The exit code is 0, or 3 when a document
    could not be read to its end.

    Parameters
    ----------
    paths
        Files or folders.
    output
        The new database; an old file under this name is replaced when all was read.
    built
        Time that the database states as its own, RFC 3339.

    """
    if not paths:
        raise NothingNamedError
    settings = wiring.read_settings(os.environ)
    target = Path(output)
    start = time.monotonic()
    with progress() as shown:
        result = wiring.run_build(paths, output=target, built=_time(built), progress=shown, epoch=settings.epoch)
    tell(result, target, "built")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = usage.ru_utime + usage.ru_stime
    size = target.stat().st_size / 1e6
    emit(f"{size:.1f} MB in {time.monotonic() - start:.1f} s, {cpu:.1f} CPU-seconds\n")
    return INCOMPLETE if result.broken_documents else 0


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BuiltError(text) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
