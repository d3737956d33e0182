"""Joins records that mean the same defect, and chooses the name under which it is reported."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

CVE = re.compile(r"CVE-([0-9]{4})-([0-9]{4,19})")
_ORDER = ("GHSA-", "PYSEC-", "MAL-", "RUSTSEC-", "GO-")


def join(items: Sequence[tuple[Sequence[str], T]]) -> list[tuple[tuple[str, ...], list[T]]]:
    """Return (ids, members) of each group of items that are connected through any of their ids.

    Groups come by their first member, members and ids in the order given. No item may be without id.
    """
    every = [name for names, _ in items for name in names]
    if len(every) == len(set(every)):
        return [(tuple(names), [item]) for names, item in items]  # nothing is shared
    groups: list[tuple[list[str], list[tuple[int, T]]] | None] = []
    owner: dict[str, int] = {}
    for arrival, (names, item) in enumerate(items):
        hits = sorted({owner[name] for name in names if name in owner})
        if not hits:
            owner.update(dict.fromkeys(names, len(groups)))
            groups.append((list(dict.fromkeys(names)), [(arrival, item)]))
            continue
        kept = groups[hits[0]]
        for hit in hits[1:]:
            lost, groups[hit] = groups[hit], None
            if kept is not None and lost is not None:
                kept[0].extend(lost[0])
                kept[1].extend(lost[1])
                owner.update(dict.fromkeys(lost[0], hits[0]))
        if kept is not None:
            kept[0].extend(name for name in dict.fromkeys(names) if name not in owner)
            kept[1].append((arrival, item))
            owner.update(dict.fromkeys(names, hits[0]))
    return [(tuple(group[0]), _by_arrival(group[1])) for group in groups if group is not None]


def ranked(names: Iterable[str]) -> tuple[str, ...]:
    """Return the ids with the one that is reported first."""
    return tuple(sorted(names, key=rank))


def _by_arrival(members: list[tuple[int, T]]) -> list[T]:
    return [item for _, item in (sorted(members, key=lambda pair: pair[0]) if len(members) > 1 else members)]


def rank(name: str) -> tuple[int, str, int, str]:
    """Return the sort key of an id: CVEs first, by year and number, then the known databases, then all others."""
    if name.startswith("CVE-") and name[4:8].isdigit():
        return 0, name[4:8], len(name), name  # numbers have no leading zero beyond four digits: longer is higher
    for place, prefix in enumerate(_ORDER):
        if name.startswith(prefix):
            return place + 1, "", 0, name
    return len(_ORDER) + 1, "", 0, name


def cve_number(name: str) -> tuple[int, int] | None:
    """Return year and number of a CVE id, None for every other id and for broken ones."""
    found = CVE.fullmatch(name)
    return (int(found[1]), int(found[2])) if found is not None else None
