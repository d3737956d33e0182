"""Inventories of seen images in one SQLite file, shared by runs that add to it and runs that ask it."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tidewaiter.adapters.store.inventories_builds import builds_of
from tidewaiter.adapters.store.inventories_listing import listed
from tidewaiter.adapters.store.inventories_rows import plain, rows_of
from tidewaiter.adapters.store.inventories_schema import REMEDY, SWEEP, reading, writing
from tidewaiter.adapters.store.inventories_session import SqliteSession
from tidewaiter.adapters.store.inventories_uses import write_uses
from tidewaiter.adapters.store.inventories_write import Writer
from tidewaiter.adapters.store.reader import SqliteAdvisories
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln import AdvisorySource
from tidewaiter.ports.inventories import InventoryError, KnownImage, KnownTag, StoredBuild, Use

MOST_IMAGES: Final = 100_000
_TAGS: Final = "SELECT ref, digest, since, checked, before, scanned FROM tag"
_SHORTEST: Final = 12
"""Hex digits of a digest that are enough to name an image."""


class SqliteInventories:
    """Implements `ports.inventories.Watch`; opens the file for each question, so that no lock outlives one."""

    def __init__(self, path: Path, *, rules: str, most: int = MOST_IMAGES) -> None:
        """Use the file at `path`, which need not exist before something is added.

        `rules` names the version of the matching rules: images matched by other rules are all matched again.
        """
        self.path = path
        self._rules = rules
        self._most = most

    def saw(
        self, image: Image, found: Sequence[Vulnerability] | None, *, advisories: AdvisorySource | None, now: str
    ) -> None:
        """Keep an image; InventoryError."""
        identity = identity_of(image)
        if not identity:
            return
        rows = rows_of(image)
        data = advisories if isinstance(advisories, SqliteAdvisories) and found is not None else None
        is_dated = data is not None and bool(data.fingerprint)
        with self._writing(data.path if data is not None and is_dated else None) as connection:
            writer = Writer(connection, now)
            number = writer.seen_again(identity, rows.inventory)
            if number is None:
                self._refuse_too_many(connection, identity)
                stamp = f"{data.fingerprint} {self._rules}" if data is not None and is_dated else ""
                state = writer.state(stamp, advisories.built if advisories is not None and stamp else "")
                number = writer.image(image, identity, rows, found or (), state)
                if stamp:
                    writer.matched(number, state)
            writer.named(number, _names(image))
            connection.execute("COMMIT")

    def used(self, image: Image, uses: Iterable[Use], *, place: str, now: str) -> None:
        """Keep by which workloads of a place an image is run; InventoryError."""
        with self._writing(None) as connection:
            found = connection.execute("SELECT id FROM image WHERE identity = ?", (identity_of(image),)).fetchone()
            if found is not None:
                write_uses(connection, found[0], uses, place=place, now=now)
                connection.execute("COMMIT")

    def builds(self, repositories: Sequence[str]) -> Sequence[StoredBuild]:
        """Return the images that were seen under names in these repositories, the latest built first; InventoryError."""
        try:
            with reading(self.path) as connection:
                return () if connection is None else builds_of(connection, repositories)
        except msgspec.MsgspecError as error:
            raise InventoryError(f"an inventory is damaged: {error}", REMEDY) from error

    def all(self) -> tuple[KnownImage, ...]:
        """Return every image, the latest seen first; InventoryError."""
        with reading(self.path) as connection:
            return () if connection is None else listed(connection)

    def count(self) -> int:
        """Return how many images are known; InventoryError."""
        with reading(self.path) as connection:
            return 0 if connection is None else _count(connection)

    @contextlib.contextmanager
    def session(self, advisories: AdvisorySource, *, now: str) -> Iterator[SqliteSession]:
        """Begin a pass with the data of an advisory file; InventoryError, and AdvisoryError from the data."""
        if not isinstance(advisories, SqliteAdvisories):
            raise InventoryError("inventories are matched with an advisory file only", "name one with `--db FILE`")
        with self._writing(advisories.path) as connection:
            yield SqliteSession(connection, advisories, rules=self._rules, now=now)

    def tags(self) -> Mapping[str, KnownTag]:
        """Return every tag of a registry that was looked at; InventoryError."""
        with reading(self.path) as connection:
            rows = [] if connection is None else connection.execute(_TAGS).fetchall()
        return {
            row[0]: KnownTag(ref=row[0], digest=row[1], since=row[2], checked=row[3], before=row[4], scanned=row[5])
            for row in rows
        }

    def keep_tag(self, tag: KnownTag) -> None:
        """Keep what a tag stands for now; InventoryError."""
        values = (plain(tag.ref), tag.digest, tag.since, tag.checked, tag.before, tag.scanned)
        with self._writing(None) as connection:
            connection.execute("INSERT OR REPLACE INTO tag VALUES (?, ?, ?, ?, ?, ?)", values)
            connection.execute("COMMIT")

    def forget(self, names: Sequence[str]) -> int:
        """Forget images by name, digest, or at least twelve hex digits of one; InventoryError."""
        if not self.path.exists():
            return 0
        with self._writing(None) as connection:
            before = _count(connection)
            for name in names:
                text = plain(name)
                short = text.removeprefix("sha256:")
                prefix = f"sha256:{short}" if len(short) >= _SHORTEST and _is_hex(short) else text
                connection.execute(
                    "DELETE FROM image WHERE identity = ? OR substr(digest, 1, ?) = ?"
                    " OR id IN (SELECT image FROM name WHERE ref = ?)",
                    (text, len(prefix), prefix, text),
                )
            return before - _swept(connection)

    def prune(self, before: str) -> int:
        """Forget images that were last seen before a time; InventoryError."""
        if not self.path.exists():
            return 0
        with self._writing(None) as connection:
            count = _count(connection)
            connection.execute("DELETE FROM image WHERE last < ?", (before,))
            return count - _swept(connection)

    @contextlib.contextmanager
    def _writing(self, attach: Path | None) -> Iterator[sqlite3.Connection]:
        with writing(self.path, attach=attach) as connection:
            yield connection

    def _refuse_too_many(self, connection: sqlite3.Connection, identity: str) -> None:
        query = "SELECT COUNT(*), SUM(identity = ?) FROM image"
        count, known = connection.execute(query, (identity,)).fetchone()
        if count >= self._most and not known:
            message = f"{self.path} holds {count} images, no more are kept"
            raise InventoryError(message, "forget old ones with `tidewaiter watch prune --older-than 90d`")


def identity_of(image: Image) -> str:
    """Return what tells an image from others: its digest, else its name; empty for a folder, which is no image."""
    if image.kind == "filesystem":
        return ""
    return plain(image.digest or f"name:{image.ref}")


def _names(image: Image) -> Mapping[str, None]:
    return dict.fromkeys((image.ref, *image.tags))


def _is_hex(text: str) -> bool:
    return set(text) <= set("0123456789abcdef")


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT COUNT(*) FROM image").fetchone()[0])


def _swept(connection: sqlite3.Connection) -> int:
    """Forget what nobody needs any more, commit, and return how many images are left."""
    for statement in SWEEP.split(";"):
        connection.execute(statement)
    count = _count(connection)
    connection.execute("COMMIT")
    return count
