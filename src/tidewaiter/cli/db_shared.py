"""What the commands below `tidewaiter db` have in common: options, places, and what they say."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from tidewaiter import wiring
from tidewaiter.cli.output import emit, progress, remark
from tidewaiter.operations.advisories import Imported
from tidewaiter.operations.install import Rules
from tidewaiter.render.table.text import counted

INCOMPLETE = 3
_NAMED = 10

Format = Annotated[Literal["table", "json"], Parameter(name="--format")]
Database = Annotated[str, Parameter(name="--db", show_default=False)]
Keys = Annotated[tuple[str, ...], Parameter(name="--key", show_default=False, negative=())]
Allow = Annotated[bool, Parameter(negative=(), show_default=False)]


class NothingNamedError(ValueError):
    """`db import` without a path."""

    advice = "name files or folders with advisory data: `tidewaiter db import PATH…`"

    def __str__(self) -> str:
        return "there is nothing to import"


def tell(result: Imported, target: Path, verb: str = "imported") -> None:
    """Say what was taken and everything that was not."""
    feeds = ", ".join(f"{feed} {count}" for feed, count in result.by_feed)
    into = "into" if verb == "imported" else "as"
    read = f"{counted(result.items, 'record')} of {counted(result.documents, 'document')}"
    emit(f"{verb} {read} {into} {target}: {feeds}\n")
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
