"""Databases that wait until the end of their layer for the files beside them, such as the log of an SQLite file."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from tidewaiter.scan.image.paths import split
from tidewaiter.scan.image.plan import BESIDE, Plan
from tidewaiter.scan.image.store import Entry

_TOO_MUCH: Final = "it was not read: the databases of this layer have more than {} bytes together"
_ALONE: Final = "this layer changes it without its database, whose packages are told as they were before"


class Database(NamedTuple):
    """One file of a `CompanionAnalyzer`, complete."""

    id: str
    """Of the analyzer."""
    entry: Entry
    body: bytes
    beside: dict[str, bytes]
    """File name -> body."""


class Waiting:
    """Bodies of one layer; of several members with one path the last counts, as in the container."""

    def __init__(self, plan: Plan) -> None:
        """Start with nothing waiting."""
        self._plan = plan
        self._left = plan.limits.waiting_bytes
        self._databases: dict[tuple[str, str], tuple[Entry, bytes]] = {}
        self._beside: dict[str, dict[str, tuple[Entry, bytes]]] = {}
        self.unread: list[tuple[Entry, str]] = []
        """What could not be read, and why."""

    def add(self, entry: Entry, id_: str, body: bytes) -> None:
        """Keep a database for the analyzer `id_`, or with BESIDE a file for the databases of its folder."""
        self._left -= len(body)
        if self._left < 0:
            self.unread.append((entry, _TOO_MUCH.format(self._plan.limits.waiting_bytes)))
        elif id_ == BESIDE:
            folder, name = split(entry.path)
            self._beside.setdefault(folder, {})[name] = entry, body
        else:
            self._databases[entry.path, id_] = entry, body

    def databases(self) -> Iterator[Database]:
        """Yield what waited, in the order in which it came; note the companions without a database."""
        for (path, id_), (entry, body) in self._databases.items():
            names = self._plan.companions[id_].companions
            held = self._beside.get(split(path)[0], {})
            beside = {name: held[name][1] for name in names if name in held and held[name][1]}
            yield Database(id_, entry, body, beside)
        folders = {split(path)[0] for path, _ in self._databases}
        for folder, held in self._beside.items():
            if folder not in folders:
                self.unread.extend((entry, _ALONE) for entry, body in held.values() if body)
