"""`tidewaiter db export|verify|rollback|diff|sign|key`: whole databases."""

import json
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from tidewaiter import wiring
from tidewaiter.cli.db_shared import Database, Format, Keys, columns, database_path, key_paths
from tidewaiter.cli.output import emit, remark
from tidewaiter.ports.advisories import Changes

_FAILED = 2
key = App(name="key", help="Keys that sign databases.")


@key.command(name="new")
def new_key(file: str) -> int:
    """Make a pair of keys: FILE to sign with, FILE.pub to hand out.

    Parameters
    ----------
    file
        Where the private key is written, readable by its owner only; an existing file is never overwritten.

    """
    name = wiring.run_new_key(Path(file))
    emit(f"{file} signs, {file}.pub verifies: key {name}\n")
    return 0


def db_sign(file: str, *, with_: Annotated[str, Parameter(name="--with")]) -> int:
    """Sign a database: writes FILE.sig beside it.

    Parameters
    ----------
    file
        A database that `db build` or `db export` made.
    with_
        The private key.

    """
    path, signature = wiring.run_sign(Path(file), key=Path(with_))
    emit(f"{path}: signed by {signature.key}, SHA-256 {signature.sha256}\n")
    return 0


def db_export(file: str, *, db: Database = "") -> int:
    """Copy the present database into a file, with its signature when it has one; `db import FILE` takes it elsewhere.

    Parameters
    ----------
    file
        Where to.
    db
        File to export instead of the default one.

    """
    facts = wiring.run_export(Path(file), database=database_path(db))
    emit(f"{file}: built {facts.built}, {facts.records} records, {facts.size / 1e6:.1f} MB, SHA-256 {facts.sha256}\n")
    return 0


def db_verify(*, db: Database = "", keys: Keys = ()) -> int:
    """Look whether the database is sound, and whether one of the keys signed exactly this file.

    The exit code is 0, or 2 when it is damaged or the signature does not hold.

    Parameters
    ----------
    db
        File to verify instead of the default one.
    keys
        Public key of who may have signed it; `TIDEWAITER_DB_KEYS` lists them too. Without any the signature is not
        looked at.

    """
    target = database_path(db)
    facts, problems, signer = wiring.run_verify(target, keys=key_paths(keys))
    for problem in problems:
        remark(f"damaged: {problem}")
    if problems:
        remark("hint: `tidewaiter db rollback` goes back to the previous file, `db update` brings a new one")
        return _FAILED
    signed = f"signed by {signer}" if signer else "signature not looked at"
    emit(f"{target}: sound, built {facts.built}, {facts.records} records, {signed}, SHA-256 {facts.sha256}\n")
    return 0


def db_rollback(*, db: Database = "") -> int:
    """Go back to the database before the last import or update; a second time returns to the newer one.

    Parameters
    ----------
    db
        File to take back instead of the default one.

    """
    target = database_path(db)
    facts = wiring.run_rollback(target)
    emit(f"{target}: built {facts.built}, {facts.records} records\n")
    return 0


def db_diff(old: str, new: str, *, format: Format = "table") -> int:  # noqa: A002 - the option's name
    """Tell which advisories NEW adds, changes and no longer holds against OLD, by ecosystem.

    KEV and EPSS, titles and dates are not compared.

    Parameters
    ----------
    old
        A database.
    new
        Another one.
    format
        Table of counts for people, JSON with every record for machines.

    """
    changes = wiring.run_difference(Path(old), Path(new))
    emit(json.dumps(_facts(changes), indent=2) + "\n" if format == "json" else _table(changes))
    return 0


def _facts(changes: Changes) -> dict[str, Any]:
    return {
        "schema": "tidewaiter.dev/advisory-changes/v1",
        "ecosystems": [
            {"ecosystem": place, "added": added, "changed": changed, "removed": removed}
            for place, added, changed, removed in changes.counts()
        ],
        "changes": [
            {"kind": one.kind, "ecosystem": one.place, "feed": one.feed, "record": one.record, "id": one.id}
            for one in changes.changes
        ],
    }


def _table(changes: Changes) -> str:
    if not changes.changes:
        return "no advisory differs\n"
    rows = [(place or "(no package)", *map(str, counts)) for place, *counts in changes.counts()]
    return columns([("ECOSYSTEM", "ADDED", "CHANGED", "REMOVED"), *rows])
