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
from tidewaiter.operations.install import Rules

app = App(name="db", help="Bring advisory data here, build it, and tell its state.")
app.command(
    "tidewaiter.cli.db_update:db_update",
    name="update",
    help="Bring advisory data up to date: feeds, or a ready-made database.",
)
app.command("tidewaiter.cli.db_build:db_build", name="build", help="Build a new database from documents.")
app.command("tidewaiter.cli.db_files:db_export", name="export", help="Copy the present database into a file.")
app.command(
    "tidewaiter.cli.db_files:db_verify", name="verify", help="Look whether the database is sound, and who signed it."
)
app.command(
    "tidewaiter.cli.db_files:db_rollback",
    name="rollback",
    help="Go back to the database before the last import or update.",
)
app.command("tidewaiter.cli.db_files:db_diff", name="diff", help="Tell what one database says and another does not.")
app.command("tidewaiter.cli.db_files:db_sign", name="sign", help="Sign a database.")
app.command("tidewaiter.cli.db_files:key", name="key", help="Keys that sign databases.")

INCOMPLETE = 3
_NAMED = 10
_SECONDS_PER_HOUR = 3600

Format = Annotated[Literal["table", "json"], Parameter(name="--format")]
Database = Annotated[str, Parameter(name="--db", show_default=False)]
Keys = Annotated[tuple[str, ...], Parameter(name="--key", show_default=False, negative=())]
Allow = Annotated[bool, Parameter(negative=(), show_default=False)]


@app.command(name="import")
def db_import(
    *paths: str,
    db: Database = "",
    key: Keys = (),
    allow_unsigned: Allow = False,
    allow_older: Allow = False,
) -> int:
    """Import advisory data from files, archives and folders, or take a whole database.

    Documents are recognised by content and may be compressed or lie in archives: OSV records, the distributions' own
    feeds, KEV, EPSS. Data of earlier imports stays, newer records replace older ones. A file that `db build` or
    `db export` made takes the place of the present one; where a key is known it must be signed, and it must not be
    older. The exit code is 0, or 3 when a document could not be read to its end.

    Parameters
    ----------
    paths
        Files or folders.
    db
        File to import into instead of the default one.
    key
        Public key of who may sign a whole database; `TIDEWAITER_DB_KEYS` lists them too.
    allow_unsigned
        Take a whole database without looking at its signature.
    allow_older
        Take a whole database that is older than the present one.

    """
    if not paths:
        raise NothingNamedError
    target = database_path(db)
    if len(paths) == 1 and wiring.is_database(Path(paths[0])):
        keys = key_paths(key)
        rules = Rules(unsigned=allow_unsigned or not keys, older=allow_older)
        return install(paths[0], target, keys=keys, rules=rules)
    with progress() as shown:
        result = wiring.run_import(paths, database=target, progress=shown)
    tell(result, target)
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
    with open_advisories(database_path(db)) as data:
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
            columns([("FEED", "RECORDS", "TAKEN", "AGE", ""), *feeds]),
            columns([("ECOSYSTEM", "FEED", "RECORDS", "NEWEST", "AGE"), *ecosystems]),
        )
    )


def tell(result: Imported, target: Path, verb: str = "imported") -> None:
    """Say what was taken and everything that was not."""
    feeds = ", ".join(f"{feed} {count}" for feed, count in result.by_feed)
    into = "into" if verb == "imported" else "as"
    emit(f"{verb} {result.items} records of {result.documents} documents {into} {target}: {feeds}\n")
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


def install(source: str, target: Path, *, keys: Sequence[str], rules: Rules) -> int:
    """Take a whole database and say what became of it; return the exit code."""
    with progress() as shown:
        result = wiring.run_install(source, database=target, keys=keys, rules=rules, progress=shown)
    facts = result.facts
    signed = f"signed by {result.signer}" if result.signer else "signature not looked at"
    if result.is_same:
        emit(f"{target} is this file already: built {facts.built}, {facts.records} records, {signed}\n")
        return 0
    before = f", before that {result.before.built}" if result.before is not None else ""
    emit(f"{target}: built {facts.built}{before}, {facts.records} records, {facts.size / 1e6:.1f} MB, {signed}\n")
    return 0


def key_paths(named: Sequence[str]) -> tuple[str, ...]:
    """Return the public keys that are named, else those of `TIDEWAITER_DB_KEYS`."""
    return tuple(named) or tuple(filter(None, os.environ.get("TIDEWAITER_DB_KEYS", "").split(os.pathsep)))


def database_path(named: str) -> Path:
    """Return the file that is named, else that of the settings."""
    return Path(named) if named else wiring.read_settings(os.environ).database


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines of aligned cells."""
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
