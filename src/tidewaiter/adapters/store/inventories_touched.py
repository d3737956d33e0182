"""From changed packages to what has to be matched again: each different group of packages once, with its images."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from tidewaiter.adapters.store.inventories_rows import decoded
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.vuln.rematch import Group
from tidewaiter.ports.inventories import Touched

_BATCH: Final = 400
_ROWS: Final = """
SELECT t.package, i.image, i.result FROM temp.touched t CROSS JOIN installed i CROSS JOIN image m
WHERE i.package = t.package AND m.id = i.image AND m.state = t.state
"""
_INFORMATION: Final = """
SELECT p.id, p.name, p.owner, p.language FROM package p WHERE p.id IN (SELECT package FROM temp.touched)
"""
_MEMBERS: Final = """
SELECT p.id, p.language, i.image, i.result FROM package p CROSS JOIN installed i
WHERE i.package = p.id AND ((p.name = ?1 AND p.language = 0) OR (p.owner = ?1 AND p.language = 1))
"""
_Results = dict[int, int]
_Images = dict[tuple[int, ...], list[int]]


class _Info(NamedTuple):
    name: str
    owner: str
    language: int


def touched(connection: sqlite3.Connection) -> Sequence[Touched]:
    """Return the groups of all packages in `temp.touched`; sqlite3.Error and msgspec.MsgspecError."""
    about = {row[0]: _Info(*row[1:]) for row in connection.execute(_INFORMATION)}
    owners = {row[0] for row in connection.execute("SELECT DISTINCT owner FROM package WHERE owner <> ''")}
    heard = {
        number: info.owner if info.language else info.name
        for number, info in about.items()
        if info.owner or (not info.language and info.name in owners)
    }
    alone: dict[int, _Images] = {}
    joined: dict[str, dict[int, set[int]]] = {}
    for package, image, result in connection.execute(_ROWS):
        name = heard.get(package)
        if name is None:
            alone.setdefault(package, {}).setdefault((result,), []).append(image)
        else:
            joined.setdefault(name, {}).setdefault(image, set()).add(package)
    groups: dict[tuple[int, ...], _Images] = {(package,): images for package, images in alone.items()}
    for name, images in joined.items():
        for numbers, image, results in _components(connection, name, images):
            groups.setdefault(numbers, {}).setdefault(results, []).append(image)
    return _made(connection, groups)


def _components(
    connection: sqlite3.Connection, name: str, images: Mapping[int, set[int]]
) -> Iterable[tuple[tuple[int, ...], int, tuple[int, ...]]]:
    """Yield (packages, image, results): all that goes by the name of an owner where somebody is owned, else each alone."""
    members: dict[int, _Results] = {}
    owned: set[int] = set()
    for package, language, image, result in connection.execute(_MEMBERS, (name,)):
        if image in images:
            members.setdefault(image, {})[package] = result
            if language:
                owned.add(image)
    for image, results in members.items():
        if image in owned:
            numbers = tuple(sorted(results))
            yield numbers, image, tuple(results[number] for number in numbers)
        else:
            for number in sorted(images[image]):
                yield (number,), image, (results[number],)


def _made(connection: sqlite3.Connection, groups: Mapping[tuple[int, ...], _Images]) -> list[Touched]:
    packages = _packages(connection, {number for numbers in groups for number in numbers})
    systems: dict[int, OperatingSystem | None] = {0: None}
    for number, data in connection.execute("SELECT id, data FROM system"):
        systems[number] = decoded(data, OperatingSystem)
    made = []
    for numbers, images in groups.items():
        system = max(packages[number][1] for number in numbers)
        group = Group(packages=tuple(packages[number][0] for number in numbers), system=systems[system])
        made.append(Touched(group=group, numbers=numbers, images=images))
    return made


def _packages(connection: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, tuple[Package, int]]:
    """Return packages and the numbers of their systems; language packages have 0."""
    wanted = sorted(numbers)
    found: dict[int, tuple[Package, int]] = {}
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        marks = ",".join("?" * len(part))
        query = f"SELECT id, data, system FROM package WHERE id IN ({marks})"  # noqa: S608 - marks
        for number, data, system in connection.execute(query, part):
            found[number] = (decoded(data, Package), system)
    return found
