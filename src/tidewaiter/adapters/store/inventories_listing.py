"""Reads images out of the file of inventories as people ask for them."""

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec

from tidewaiter.adapters.store.inventories_rows import decoded
from tidewaiter.core.model.image import BaseImage, Layer
from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.ports.inventories import KnownImage, Use

_BATCH = 400
_IMAGES = """
SELECT i.id, i.digest, i.source, i.system, i.base, i.layers, i.packages, i.gaps, i.first, i.last, coalesce(s.built, '')
FROM image i LEFT JOIN state s ON s.id = i.state
"""
_FINDINGS = """
SELECT i.image, SUM(r.counted) FROM installed i JOIN result r ON r.id = i.result WHERE i.result <> 0 GROUP BY i.image
"""
_LATEST = """
SELECT ref, image FROM (
    SELECT ref, image, row_number() OVER (PARTITION BY ref ORDER BY last DESC, image DESC) AS place FROM name
) WHERE place = 1
"""


def listed(connection: sqlite3.Connection) -> tuple[KnownImage, ...]:
    """Return every image with the number of its findings, the latest seen first."""
    findings = dict(connection.execute(_FINDINGS).fetchall())
    found = _read(connection, connection.execute(_IMAGES).fetchall(), findings)
    return tuple(sorted(found.values(), key=lambda one: (one.last_seen, one.names, one.number), reverse=True))


def chosen(connection: sqlite3.Connection, numbers: Iterable[int]) -> Mapping[int, KnownImage]:
    """Return some images by number, without the number of their findings."""
    wanted = sorted(set(numbers))
    rows = []
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        marks = ",".join("?" * len(part))
        rows += connection.execute(f"{_IMAGES} WHERE i.id IN ({marks})", part).fetchall()
    return _read(connection, rows, {})


def _read(
    connection: sqlite3.Connection, rows: Iterable[tuple[object, ...]], findings: Mapping[int, int]
) -> dict[int, KnownImage]:
    names: dict[int, list[str]] = {}
    for ref, image in connection.execute("SELECT ref, image FROM name ORDER BY last DESC, ref"):
        names.setdefault(image, []).append(ref)
    latest = dict(connection.execute(_LATEST).fetchall())
    uses: dict[int, list[Use]] = {}
    for image, place, workload, owner in connection.execute("SELECT image, place, workload, owner FROM used"):
        uses.setdefault(image, []).append(Use(workload=workload, owner=owner, place=place))
    systems = {0: ""} | {number: _system(data) for number, data in connection.execute("SELECT id, data FROM system")}
    found: dict[int, KnownImage] = {}
    for number, digest, source, system, base, layers, packages, gaps, first, last, built in _typed(rows):
        bases = _base(base)
        known = tuple(names.get(number, ()))
        found[number] = KnownImage(
            number=number,
            digest=digest,
            names=known,
            current=tuple(name for name in known if latest.get(name) == number),
            source=source,
            os=systems.get(system, ""),
            bases=bases.names if bases is not None else (),
            base_chain=bases.chain_id if bases is not None else "",
            layers=_layers(layers),
            packages=packages,
            gaps=gaps,
            findings=findings.get(number, 0),
            first_seen=first,
            last_seen=last,
            matched=built,
            uses=tuple(sorted(uses.get(number, ()))),
        )
    return found


_Row = tuple[int, str, str, int, bytes, bytes, int, int, str, str, str]


def _typed(rows: Iterable[tuple[object, ...]]) -> Iterable[_Row]:
    """Return the rows as the tables promise them."""
    return rows  # type: ignore[return-value]


def _system(data: bytes) -> str:
    try:
        system = decoded(data, OperatingSystem)
    except msgspec.MsgspecError:
        return "unreadable"
    return " ".join(part for part in (system.id, system.version_id) if part)


def _base(data: bytes) -> BaseImage | None:
    try:
        return decoded(data, BaseImage | None)  # type: ignore[arg-type]  # a union is a type to msgspec
    except msgspec.MsgspecError:
        return None


def _layers(data: bytes) -> int:
    try:
        return len(decoded(data, tuple[Layer, ...]))
    except msgspec.MsgspecError:
        return 0
