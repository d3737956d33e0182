"""The layout of the file of inventories: every different package once, with an index from packages to images.

A package's content is all of it but its place, with the system of its image where that has a say in matching; `result`
0 stands for "nothing is told". `seen` holds by which advisories (`fingerprints`) the images of a state were matched.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tidewaiter.ports.inventories import InventoryError

APPLICATION: Final = 0x54574956  # "TWIV", in SQLite's application_id
SCHEMA: Final = 2
REMEDY: Final = "move the file away; scans and checks fill it again"
ANOTHER: Final = "choose another folder with TIDEWAITER_STATE"
_SECONDS: Final = 60
"""How long to wait for another process that writes; a first pass over many images takes its time."""

TABLES: Final = """
CREATE TABLE system(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, data BLOB NOT NULL);
CREATE TABLE key(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, ecosystem TEXT NOT NULL, release TEXT NOT NULL,
    UNIQUE(name, ecosystem, release)
);
CREATE TABLE package(
    id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, system INTEGER NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
    owner TEXT NOT NULL, language INTEGER NOT NULL, nearest INTEGER, data BLOB NOT NULL
);
CREATE INDEX package_name ON package(name);
CREATE INDEX package_owner ON package(owner) WHERE owner <> '';
CREATE TABLE spoken(key INTEGER NOT NULL, package INTEGER NOT NULL, PRIMARY KEY(key, package)) WITHOUT ROWID;
CREATE INDEX spoken_package ON spoken(package);
CREATE TABLE result(
    id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, package INTEGER NOT NULL, counted INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX result_package ON result(package);
CREATE TABLE since(
    package INTEGER NOT NULL, name TEXT NOT NULL, first TEXT NOT NULL, PRIMARY KEY(package, name)
) WITHOUT ROWID;
CREATE TABLE state(id INTEGER PRIMARY KEY, stamp TEXT NOT NULL UNIQUE, built TEXT NOT NULL);
CREATE TABLE seen(
    state INTEGER NOT NULL, key INTEGER NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY(state, key)
) WITHOUT ROWID;
CREATE TABLE image(
    id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, source TEXT NOT NULL,
    inventory BLOB NOT NULL, system INTEGER NOT NULL, base BLOB NOT NULL, layers BLOB NOT NULL,
    packages INTEGER NOT NULL, gaps INTEGER NOT NULL, created TEXT NOT NULL, state INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL
);
CREATE INDEX image_state ON image(state);
CREATE TABLE name(
    ref TEXT NOT NULL, image INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, PRIMARY KEY(ref, image)
) WITHOUT ROWID;
CREATE INDEX name_image ON name(image);
CREATE TABLE installed(
    package INTEGER NOT NULL, image INTEGER NOT NULL, result INTEGER NOT NULL, PRIMARY KEY(package, image)
) WITHOUT ROWID;
CREATE TABLE place(id INTEGER PRIMARY KEY, path TEXT NOT NULL, inside TEXT NOT NULL, UNIQUE(path, inside));
CREATE TABLE placed(
    image INTEGER NOT NULL, package INTEGER NOT NULL, place INTEGER NOT NULL, layer INTEGER NOT NULL,
    PRIMARY KEY(image, package, place, layer)
) WITHOUT ROWID;
CREATE TABLE tag(
    ref TEXT PRIMARY KEY, digest TEXT NOT NULL, since TEXT NOT NULL, checked TEXT NOT NULL, before TEXT NOT NULL,
    scanned TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE used(
    image INTEGER NOT NULL, place TEXT NOT NULL, workload TEXT NOT NULL, owner TEXT NOT NULL, seen TEXT NOT NULL,
    PRIMARY KEY(image, place, workload)
) WITHOUT ROWID;
"""

SWEEP: Final = """
DELETE FROM name WHERE image NOT IN (SELECT id FROM image);
DELETE FROM used WHERE image NOT IN (SELECT id FROM image);
DELETE FROM placed WHERE image NOT IN (SELECT id FROM image);
DELETE FROM installed WHERE image NOT IN (SELECT id FROM image);
DELETE FROM package WHERE NOT EXISTS (SELECT 1 FROM installed WHERE installed.package = package.id);
DELETE FROM spoken WHERE package NOT IN (SELECT id FROM package);
DELETE FROM since WHERE package NOT IN (SELECT id FROM package);
DELETE FROM result WHERE package NOT IN (SELECT id FROM package)
    OR NOT EXISTS (SELECT 1 FROM installed i WHERE i.package = result.package AND i.result = result.id);
DELETE FROM key WHERE NOT EXISTS (SELECT 1 FROM spoken WHERE spoken.key = key.id);
DELETE FROM state WHERE id NOT IN (SELECT state FROM image);
DELETE FROM seen WHERE state NOT IN (SELECT id FROM state) OR key NOT IN (SELECT id FROM key);
DELETE FROM place WHERE id NOT IN (SELECT place FROM placed);
DELETE FROM system WHERE id NOT IN (SELECT system FROM image) AND id NOT IN (SELECT system FROM package);
"""
"""Forgets what no image needs any more."""


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Open the file for questions; None when there is no file yet. InventoryError."""
    if not path.exists():
        yield None
        return
    with _connected(path, "ro") as connection:
        _check(connection, path)
        connection.execute("BEGIN")
        yield connection


@contextlib.contextmanager
def writing(path: Path, *, attach: Path | None = None) -> Iterator[sqlite3.Connection]:
    """Open the file in a transaction that is undone unless the caller commits; `attach` becomes `advisories`.

    Waits for other writers. InventoryError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InventoryError(f"{path.parent} cannot be made: {error.strerror}", "set TIDEWAITER_STATE") from error
    with _connected(path, "rwc") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -64000")
        connection.execute("PRAGMA temp_store = MEMORY")
        if attach is not None:
            uri = f"{attach.absolute().as_uri()}?mode=ro&immutable=1"
            connection.execute("ATTACH ? AS advisories", (uri,))
        connection.execute("BEGIN IMMEDIATE")
        _prepare(connection, path)
        yield connection
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextlib.contextmanager
def _connected(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    try:
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(uri, uri=True, timeout=_SECONDS, isolation_level=None)
    except sqlite3.Error as error:
        raise InventoryError(f"{path} cannot be opened: {error}", REMEDY) from error
    try:
        yield connection
    except sqlite3.Error as error:
        raise InventoryError(f"{path} cannot be used: {error}", REMEDY) from error
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA main.user_version").fetchone()[0] == 0:
        if connection.execute("SELECT COUNT(*) FROM main.sqlite_schema").fetchone()[0]:
            raise InventoryError(f"{path} is not a file of inventories", ANOTHER)
        for statement in TABLES.split(";"):  # not `executescript`, which would commit
            connection.execute(statement)
        connection.execute(f"PRAGMA main.application_id = {APPLICATION}")
        connection.execute(f"PRAGMA main.user_version = {SCHEMA}")
    _check(connection, path)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    maker = connection.execute("PRAGMA main.application_id").fetchone()[0]
    schema = connection.execute("PRAGMA main.user_version").fetchone()[0]
    if maker != APPLICATION:
        raise InventoryError(f"{path} is not a file of inventories", ANOTHER)
    if schema != SCHEMA:
        raise InventoryError(f"{path} has schema {schema}, this version reads {SCHEMA}", REMEDY)
