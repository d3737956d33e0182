"""Joins records that mean the same defect, and chooses the name under which it is reported."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

CVE = re.compile(r"CVE-([0-9]{4})-([0-9]{4,19})")
_ORDER = ("CVE-", "GHSA-", "PYSEC-", "MAL-", "RUSTSEC-", "GO-")


def join(items: Sequence[tuple[Iterable[str], T]]) -> list[tuple[tuple[str, ...], list[T]]]:
    """Return groups of items that are connected through their ids, each with all ids, the reported one first.

    Groups and their members come in an order that does not depend on the order of the items' ids or of the groups:
    ids by `rank`, members in the order given.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    firsts: list[str] = []
    for ids, _ in items:
        names = list(ids)
        first = root(names[0])
        for name in names[1:]:
            parent[root(name)] = first
            first = root(first)
        firsts.append(names[0])
    members: dict[str, list[T]] = {}
    for first, (_, item) in zip(firsts, items, strict=True):
        members.setdefault(root(first), []).append(item)
    names_of: dict[str, list[str]] = {}
    for name in parent:
        names_of.setdefault(root(name), []).append(name)
    groups = [(tuple(sorted(names_of[key], key=rank)), group) for key, group in members.items()]
    return sorted(groups, key=lambda group: rank(group[0][0]))


def rank(name: str) -> tuple[int, int, int, str]:
    """Return the sort key of an id: CVEs first, by year and number, then the known databases, then all others."""
    found = CVE.fullmatch(name)
    if found is not None:
        return 0, int(found[1]), int(found[2]), name
    for place, prefix in enumerate(_ORDER):
        if name.startswith(prefix):
            return place + 1, 0, 0, name
    return len(_ORDER) + 1, 0, 0, name


def cve_number(name: str) -> tuple[int, int] | None:
    """Return year and number of a CVE id, None for every other id and for broken ones."""
    found = CVE.fullmatch(name)
    return (int(found[1]), int(found[2])) if found is not None else None
