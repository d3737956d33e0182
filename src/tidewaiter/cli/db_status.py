"""`tidewaiter db status`: what the advisory data holds and how old it is."""

import json
from datetime import UTC, datetime
from typing import Any

from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.store import SqliteAdvisories, open_advisories
from tidewaiter.cli.db_shared import Database, Format, columns, database_path
from tidewaiter.cli.output import emit

_SECONDS_PER_HOUR = 3600


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
