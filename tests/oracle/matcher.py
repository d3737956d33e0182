"""All rows of the shared data, and the answer for one package."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from oracle import alpine, debian, languages, osv, redhat, rpms, ubuntu
from oracle.rows import Package, Row, Verdict, strongest
from oracle.tools import Orders

NOTICES: Final = ("ALSA", "RLSA", "RHSA", "USN", "DSA", "DLA")


class Reference:
    """The whole shared data, read from the documents themselves."""

    def __init__(self, shared: Path, orders: Orders) -> None:
        """Read every document: some ten seconds."""
        self.orders = orders
        self.by_name: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        self._parent: dict[str, str] = {}
        for feed, record in osv.newest(shared):
            self._add(osv.rows(record, feed, orders))
        for reader in (languages.rows, debian.rows, ubuntu.rows, alpine.rows, rpms.alma, rpms.azure, redhat.rows):
            self._add(reader(shared, orders))

    def _add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.by_name[row.system, row.name].append(row)
            for one in row.ids[1:]:
                self._parent[self._root(one)] = self._root(row.ids[0])

    def _root(self, one: str) -> str:
        while self._parent.get(one, one) != one:
            one = self._parent[one]
        return one

    def rows(self, package: Package) -> list[Row]:
        """Return every row that may speak of a package: by its name, or its source's."""
        names = [osv.normal(package.system, package.name)]
        if package.system.partition(":")[0] in ("Debian", "Ubuntu", "Alpine", "Wolfi", "Chainguard"):
            names = [package.source or package.name]
        elif package.system == "Red Hat" and package.source not in ("", package.name):
            names.append(package.source)
        return [row for name in names for row in self.by_name.get((package.system, name), ())]

    def verdicts(self, package: Package) -> dict[str, tuple[frozenset[str], Verdict]]:
        """Return (ids, verdict) of every vulnerability that some row speaks of, by a name of the group."""
        found: defaultdict[str, list[tuple[tuple[str, ...], Verdict]]] = defaultdict(list)
        for row in self.rows(package):
            verdict = row.judge(package)
            if verdict is not None:
                found[self._root(row.ids[0])].append((row.ids, verdict))
        return {
            root: (frozenset(one for ids, _ in said for one in ids), strongest([verdict for _, verdict in said]))
            for root, said in found.items()
        }
