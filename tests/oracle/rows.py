"""One statement of one advisory document about one package, and the words that it answers with."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple


class Verdict(NamedTuple):
    """A status of scanning.md 9.1 and every version that a row names as the way out."""

    status: str
    fixes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Package:
    """What is installed; `system` is `PyPI`, `Debian:12`, `Alpine:v3.20`, `AlmaLinux:9` and the like."""

    system: str
    name: str
    version: str
    source: str = ""
    source_version: str = ""
    arch: str = ""
    module: str = ""
    cpes: tuple[str, ...] = ()
    repository: str = ""
    pro: bool = False
    qualifiers: tuple[tuple[str, str], ...] = ()


Judge = Callable[[Package], Verdict | None]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One statement; `judge` gives None where it does not concern the package. `bounds` are the versions it names."""

    feed: str
    system: str
    name: str
    ids: tuple[str, ...]
    judge: Judge
    bounds: tuple[str, ...] = ()
    hints: tuple[tuple[str, str], ...] = field(default=())


BAD: Final = ("affected", "will_not_fix", "fix_deferred", "end_of_life", "under_investigation", "unknown")
"""Statuses that a report shows, the strongest first."""


def document(path: Path) -> Any:
    """Return one JSON document, packed or not; an absent one is empty, as a test may give a part of the shared data."""
    if not path.exists():
        return {}
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)


def records(path: Path) -> Iterator[Any]:
    """Return the documents of a file with one per line; none of an absent one."""
    if not path.exists():
        return
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        if line.strip():
            yield json.loads(line)


def strongest(verdicts: list[Verdict]) -> Verdict:
    """Return what a report says when several rows speak of one vulnerability of a package."""
    for status in (*BAD, "fixed", "not_affected"):
        same = [one for one in verdicts if one.status == status]
        if same:
            return Verdict(status, frozenset().union(*(one.fixes for one in same)))
    return Verdict("unknown")
