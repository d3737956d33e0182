"""Which workloads run which image; what a place said before gives way to what it says now."""

import sqlite3
from collections.abc import Iterable

from tidewaiter.adapters.store.inventories_rows import plain
from tidewaiter.core.context import parse_reference
from tidewaiter.ports.inventories import Use

_OTHERS = "SELECT DISTINCT n.image, n.ref FROM used u JOIN name n ON n.image = u.image WHERE u.place = ?"


def write_uses(connection: sqlite3.Connection, image: int, uses: Iterable[Use], *, place: str, now: str) -> None:
    """Keep the workloads of a place that run an image.

    Other images of its repositories are no longer run there, unless this very run (`now`) said so: a workload that went
    to another tag or build left them.
    """
    where = plain(place)
    named = connection.execute("SELECT ref FROM name WHERE image = ?", (image,)).fetchall()
    repositories = {_repository(ref) for (ref,) in named} - {""}
    others = connection.execute(_OTHERS, (where,)).fetchall()
    left = {other for other, ref in others if _repository(ref) in repositories}
    delete = "DELETE FROM used WHERE place = ? AND image = ? AND (image = ? OR seen <> ?)"
    connection.executemany(delete, [(where, one, image, now) for one in {image, *left}])
    rows = sorted({(plain(one.workload), plain(one.owner)) for one in uses})
    insert = "INSERT OR REPLACE INTO used VALUES (?, ?, ?, ?, ?)"
    connection.executemany(insert, [(image, where, workload, owner, now) for workload, owner in rows])


def _repository(ref: str) -> str:
    reference = parse_reference(ref)
    return reference.name if reference is not None else ""
