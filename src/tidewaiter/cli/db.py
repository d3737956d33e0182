"""`tidewaiter db`: bring advisory data in, tell what is there and how old it is."""

import json
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from tidewaiter import wiring
from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.store import SqliteAdvisories, open_advisories
from tidewaiter.cli.output import emit, progress, remark
from tidewaiter.operations.advisories import Imported

app = App(name="db", help="Import advisory data and tell its state.")

INCOMPLETE = 3
_NAMED = 10
_SECONDS_PER_HOUR = 3600

Format = Annotated[Literal["table", "json"], Parameter(name="--format")]
Database = Annotated[str, Parameter(name="--db", show_default=False)]


@app.command(name="import")
def db_import(*paths: str, db: Database = "") -> int:
    """Import advisory data from files, archives and folders.

    Recognised by content: OSV records (JSON, JSON lines, zip), Debian's security tracker, changelog fixes, KEV, EPSS;
    each may be gzipped. Data of earlier imports stays, newer records replace older ones. The exit code is 0, or 3 when
    a document could not be read to its end.

    Parameters
    ----------
    paths
        Files or folders.
    db
        File to import into instead of the default one.

    """
    if not paths:
        raise NothingNamedError
    target = _database(db)
    with progress() as shown:
        result = wiring.run_import(paths, database=target, progress=shown)
    _tell(result, target)
    return INCOMPLETE if result.broken_documents else 0


@app.command(name="status")
def db_status(*, format: Format = "table", db: Database = "") -> int:  # noqa: A002 - the option's name
    """Tell which feeds and ecosystems the advisory data holds, and how old each is.

    Parameters
    ----------
    format
        Table for people, JSON for machines.
    db
        File with advisory data instead of the default one.

    """
    with open_advisories(_database(db)) as data:
        facts = status(data, SystemClock().now())
    emit(json.dumps(facts, indent=2) + "\n" if format == "json" else table(facts))
    return 0


class NothingNamedError(ValueError):
    """`db import` without a path."""

    advice = "name files or folders with advisory data: `tidewaiter db import PATH…`"

    def __str__(self) -> str:
        return "there is nothing to import"


def status(data: SqliteAdvisories, now: datetime) -> dict[str, Any]:
    """Return the state of the data as JSON values; ages in hours, None where no time is known."""
    return {
        "schema": "tidewaiter.dev/advisories/v1",
        "path": str(data.path),
        "size": data.size,
        "built": data.built,
        "ageHours": _age(data.built, now),
        "feeds": [
            {
                "id": feed.id,
                "name": feed.name,
                "url": feed.url,
                "licence": feed.licence,
                "records": feed.records,
                "taken": feed.taken,
                "ageHours": _age(feed.taken, now),
                "fixesOnly": feed.fixes_only,
            }
            for feed in data.feeds()
        ],
        "ecosystems": [
            {
                "ecosystem": f"{extent.ecosystem}:{extent.release}" if extent.release else extent.ecosystem,
                "feed": extent.feed,
                "records": extent.records,
                "newest": extent.newest,
                "ageHours": _age(extent.newest, now),
            }
            for extent in data.extents()
        ],
    }


def table(facts: dict[str, Any]) -> str:
    """Return the state for people."""
    feeds = [
        (f["id"], str(f["records"]), _day(f["taken"]), _hours(f["ageHours"]), "fixes only" if f["fixesOnly"] else "")
        for f in facts["feeds"]
    ]
    ecosystems = [
        (e["ecosystem"], e["feed"], str(e["records"]), _day(e["newest"]), _hours(e["ageHours"]))
        for e in facts["ecosystems"]
    ]
    head = f"{facts['path']}: {facts['size'] / 1e6:.1f} MB, built {facts['built']}, {_hours(facts['ageHours'])} ago\n"
    return "\n".join(
        (
            head,
            _columns([("FEED", "RECORDS", "TAKEN", "AGE", ""), *feeds]),
            _columns([("ECOSYSTEM", "FEED", "RECORDS", "NEWEST", "AGE"), *ecosystems]),
        )
    )


def _tell(result: Imported, target: Path) -> None:
    feeds = ", ".join(f"{feed} {count}" for feed, count in result.by_feed)
    emit(f"imported {result.items} records of {result.documents} documents into {target}: {feeds}\n")
    for problem in result.problems[:_NAMED]:
        remark(f"warning: {problem}")
    broken = result.broken_records + result.broken_documents
    if broken > _NAMED:
        remark(f"warning: {broken - _NAMED} more records or documents are broken")
    for reason, count in result.skipped:
        remark(f"left out: {reason} ({count})")
    for name in result.unrecognised[:_NAMED]:
        remark(f"left out: {name}: in no format that is known")
    if len(result.unrecognised) > _NAMED:
        remark(f"left out: {len(result.unrecognised) - _NAMED} more files in no format that is known")


def _database(named: str) -> Path:
    return Path(named) if named else wiring.read_settings(os.environ).database


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "".join(_line(row, widths) for row in rows)


def _line(row: Iterable[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"


def _age(text: str, now: datetime) -> float | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return round((now - time).total_seconds() / _SECONDS_PER_HOUR, 1)


def _hours(age: float | None) -> str:
    if age is None:
        return "-"
    return f"{age:.0f} h" if age < 72 else f"{age / 24:.0f} days"


def _day(text: str) -> str:
    return text[:10] or "-"
