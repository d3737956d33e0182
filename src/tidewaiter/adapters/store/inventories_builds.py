"""Reads images of a repository out of the file of inventories, with their packages."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from tidewaiter.adapters.store.inventories_rows import decoded
from tidewaiter.core.context import parse_reference
from tidewaiter.core.model.image import Layer
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.ports.inventories import StoredBuild

_MOST: Final = 20
_NAMED: Final = "SELECT ref, image FROM name WHERE instr(ref, ?) > 0 ORDER BY ref, last DESC"
_IMAGE: Final = """
SELECT i.digest, i.created, i.layers, s.data FROM image i LEFT JOIN system s ON s.id = i.system WHERE i.id = ?
"""
_PACKAGES: Final = """
SELECT DISTINCT p.id, p.data FROM placed l JOIN package p ON p.id = l.package WHERE l.image = ?
"""


def builds_of(connection: sqlite3.Connection, repositories: Sequence[str]) -> list[StoredBuild]:
    """Return the images under names in these repositories, the latest built first; msgspec.MsgspecError."""
    names: dict[int, str] = {}
    for repository in repositories:
        for ref, image in connection.execute(_NAMED, (repository.rpartition("/")[2],)):
            reference = parse_reference(ref)
            if reference is not None and reference.name == repository:
                names.setdefault(image, ref)
    found = [(number, name, *connection.execute(_IMAGE, (number,)).fetchone()) for number, name in names.items()]
    found.sort(key=lambda row: (row[3], row[1]), reverse=True)
    return [_build(connection, row) for row in found[:_MOST]]


def _build(connection: sqlite3.Connection, row: tuple[int, str, str, str, bytes, bytes | None]) -> StoredBuild:
    number, name, digest, created, layers, system = row
    return StoredBuild(
        name=name,
        digest=digest,
        created=created,
        diff_ids=tuple(layer.diff_id for layer in decoded(layers, tuple[Layer, ...])),
        system=decoded(system, OperatingSystem) if system is not None else None,
        packages=tuple(decoded(data, Package) for _, data in connection.execute(_PACKAGES, (number,))),
    )
