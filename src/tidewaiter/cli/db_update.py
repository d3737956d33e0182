"""`tidewaiter db update`: bring the feeds that are needed, or a ready-made database."""

import os
from typing import Annotated

from cyclopts import Parameter

from tidewaiter import wiring
from tidewaiter.cli.db_shared import INCOMPLETE, Allow, Database, Keys, database_path, install, key_paths
from tidewaiter.cli.output import emit, progress, remark
from tidewaiter.operations.install import Rules
from tidewaiter.render.table.text import counted

_NAMED = 20
_Text = Annotated[str, Parameter(show_default=False)]


def db_update(
    *,
    for_: Annotated[tuple[str, ...], Parameter(name="--for", show_default=False, negative=())] = (),
    all_: Annotated[bool, Parameter(name="--all", negative=(), show_default=False)] = False,
    feeds: _Text = "",
    from_: Annotated[str, Parameter(name="--from", show_default=False)] = "",
    key: Keys = (),
    allow_unsigned: Allow = False,
    allow_older: Allow = False,
    db: Database = "",
) -> int:
    """Bring advisory data up to date, from the feeds' publishers or from one ready-made database.

    Takes the feeds of the ecosystems that the present data speaks of and that were scanned here, or of those named
    with `--for`. Documents that
    did not change are not sent again, interrupted downloads go on where they stopped. The present file is replaced
    only when everything was read; `db rollback` goes back. The exit code is 0, 3 when a feed could not be had and its
    earlier data stays, 2 when nothing could be had.

    Parameters
    ----------
    for_
        Ecosystems and releases, comma-separated: `debian:12,alpine:3.20,npm`.
    all_
        Take every feed of the list.
    feeds
        List of feeds and their addresses (YAML) instead of the shipped one; `TIDEWAITER_FEEDS` names it too.
    from_
        Address or path of a ready-made database with its signature beside it; `TIDEWAITER_DB_FROM` names it too.
    key
        Public key of who may sign the database; `TIDEWAITER_DB_KEYS` lists them too.
    allow_unsigned
        Take the database without looking at its signature.
    allow_older
        Take a database that is older than the present one.
    db
        File to update instead of the default one.

    """
    target = database_path(db)
    wanted = tuple(part.strip() for text in for_ for part in text.split(",") if part.strip())
    source = from_ or ("" if wanted or all_ or feeds else os.environ.get("TIDEWAITER_DB_FROM", ""))
    if source:
        rules = Rules(unsigned=allow_unsigned, older=allow_older)
        return install(source, target, keys=key_paths(key), rules=rules)
    options = wiring.UpdateOptions(
        wanted=wanted,
        everything=all_,
        feeds=feeds or os.environ.get("TIDEWAITER_FEEDS", ""),
        state=wiring.read_settings(os.environ).state,
    )
    with progress() as shown:
        result = wiring.run_update(options, database=target, progress=shown)
    records = sum(one.items for _, one in result.imported)
    names = ", ".join(f"{name} {one.items}" for name, one in result.imported)
    if result.imported:
        read = f"{counted(records, 'record')} of {counted(len(result.imported), 'document')}"
        emit(f"{target}: {read}: {names}\n")
    if result.unchanged:
        emit(f"unchanged: {', '.join(result.unchanged)}\n")
    for name, reason in result.failed[:_NAMED]:
        remark(f"warning: {name}: {reason}")
    for name, one in result.imported:
        for problem in one.problems[:_NAMED] if one.broken_documents else ():
            remark(f"warning: {name}: {problem}")
    return 0 if result.is_complete else INCOMPLETE
