"""What one advisory file says and another does not, record by record, in one pass over both."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tidewaiter.adapters.store.reader import connect
from tidewaiter.ports.advisories import AdvisoryError, Change, Changes

_RECORDS = """
SELECT v.record, v.feed, v.vid, v.id, v.kind, v.severity, v.score, v.vectors, v.aliases, v.cwes
FROM vuln v ORDER BY v.record, v.feed, v.vid
"""
_Key = tuple[str, str, str]
_Said = tuple[frozenset[str], bytes]
"""Ecosystems with release, and a hash of all that is said."""


def difference(old: Path, new: Path) -> Changes:
    """Return the records that `new` adds, changes and no longer holds, by ecosystem and release; AdvisoryError.

    Titles and dates alone are no change. KEV and EPSS change daily and are not compared.
    """
    try:
        with closing(connect(old)) as before, closing(connect(new)) as after:
            return Changes(changes=tuple(_merged(_records(before), _records(after))))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise AdvisoryError(
            f"cannot be compared: {error}", "`tidewaiter db verify FILE` tells what is damaged"
        ) from error


def _merged(old: Iterator[tuple[_Key, _Said]], new: Iterator[tuple[_Key, _Said]]) -> Iterator[Change]:
    before, after = next(old, None), next(new, None)
    while before is not None or after is not None:
        if before is not None and (after is None or before[0] < after[0]):
            yield from _changes("removed", *before)
            before = next(old, None)
        elif after is not None and (before is None or after[0] < before[0]):
            yield from _changes("added", *after)
            after = next(new, None)
        elif before is not None and after is not None:
            if before[1] != after[1]:
                yield from _changes("changed", after[0], (before[1][0] | after[1][0], b""))
            before, after = next(old, None), next(new, None)


def _changes(kind: str, key: _Key, said: _Said) -> Iterator[Change]:
    for place in sorted(said[0]) or [""]:
        yield Change(kind=kind, place=place, feed=key[1], record=key[0], id=key[2])


def _records(connection: sqlite3.Connection) -> Iterator[tuple[_Key, _Said]]:
    """Yield every record with what it says; rows are gathered by record first, as their table is ordered by package."""
    rows: dict[int, list[bytes]] = {}
    places: dict[int, set[str]] = {}
    names = {row[0]: row[1:] for row in connection.execute("SELECT id, ecosystem, release, name FROM package")}
    query = "SELECT vuln, package, lo, hi, incl, fixed, status, severity, qualifiers FROM affected"
    for vuln, package, *said in connection.execute(query):
        ecosystem, release, name = names.get(package, ("", "", ""))
        place = f"{ecosystem}:{release}" if release else ecosystem
        digest = hashlib.blake2b("\x1f".join(map(str, (place, name, *said))).encode(), digest_size=16).digest()
        rows.setdefault(vuln, []).append(digest)
        places.setdefault(vuln, set()).add(place)
    for record, feed, vid, number, *said in connection.execute(_RECORDS):
        whole = hashlib.blake2b("\x1f".join(map(str, said)).encode(), digest_size=16)
        for row in sorted(rows.get(number, ())):
            whole.update(row)
        yield (record, feed, vid), (frozenset(places.get(number, ())), whole.digest())
