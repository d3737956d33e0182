"""Tables of a SQLite database: a walk over the pages of a table's tree (sqlite.org: fileformat2, section 1.6)."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from tidewaiter.scan.sqlite.pages import Pages, SqliteError
from tidewaiter.scan.sqlite.record import Value, read_record, varint
from tidewaiter.scan.sqlite.statement import columns_of

__all__ = ["Database", "Row", "SqliteError", "Value"]

_LEAF: Final = 0x0D
_INTERIOR: Final = 0x05
_MOST_NOTES: Final = 50
_FIRST_HEADER: Final = 100


class Row(NamedTuple):
    """One row of a table."""

    id: int
    """The row id; a column declared INTEGER PRIMARY KEY is None in `values` and stands here."""
    values: tuple[Value, ...]


class Database:
    """Reads tables; every page is used once, so the work is bounded by the size of file and log."""

    def __init__(self, data: bytes, wal: bytes = b"") -> None:
        """Take the bytes of the database file and of the `-wal` beside it; SqliteError when it is no database."""
        self._pages = Pages(data, wal)
        self._used: set[int] = set()
        self.damage: list[str] = list(self._pages.damage)
        """What could not be read, as clauses; grows while rows are read."""

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table in the order of their ids; SqliteError when there is no such table."""
        root, _ = self._schema(table)
        yield from self._tree(root)

    def named_rows(self, table: str) -> Iterator[dict[str, Value]]:
        """Yield the rows of a table as column -> value, columns in lower case; SqliteError as `rows`.

        A column that stands for the row id has its number; one that was added after a row was written is missing.
        """
        root, sql = self._schema(table)
        columns, key = columns_of(sql)
        for row in self._tree(root):
            values: dict[str, Value] = dict(zip(columns, row.values, strict=False))
            if key:
                values[key] = row.id
            yield values

    def _schema(self, table: str) -> tuple[int, str]:
        """Return the root page of a table and the statement that made it."""
        self._used.clear()
        for row in self._tree(1):
            kind, name, _, root, sql = (*row.values, *[None] * 5)[:5]
            if kind == "table" and name == table and isinstance(root, int):
                return root, sql if isinstance(sql, str) else ""
        raise SqliteError(f"it has no table `{table}`")

    def _note(self, clause: str) -> None:
        if len(self.damage) < _MOST_NOTES and clause not in self.damage:
            self.damage.append(clause)

    def _tree(self, root: int) -> Iterator[Row]:
        todo = [root]
        while todo:
            number = todo.pop()
            page = self._take(number)
            if page is None:
                continue
            start = _FIRST_HEADER if number == 1 else 0
            kind, _, cells = struct.unpack_from(">BHH", page, start)
            pointers = start + (12 if kind == _INTERIOR else 8)
            if kind not in {_LEAF, _INTERIOR}:
                self._note(f"page {number} is of kind {kind}, not a page of a table")
            elif pointers + 2 * cells > len(page):
                self._note(f"page {number} states {cells} cells, more than fit into it")
            else:
                offsets = struct.unpack_from(f">{cells}H", page, pointers)
                if kind == _LEAF:
                    yield from self._leaf(number, page, offsets)
                else:
                    todo.extend(reversed(self._children(number, page, offsets, start)))

    def _take(self, number: int) -> bytes | memoryview | None:
        """Return a page that was not used before."""
        if number in self._used:
            self._note(f"page {number} is used twice")
            return None
        self._used.add(number)
        page = self._pages.get(number)
        if page is None:
            self._note(f"page {number} lies beyond the end")
        return page

    def _children(self, number: int, page: bytes | memoryview, offsets: tuple[int, ...], start: int) -> list[int]:
        children = []
        for offset in offsets:
            if offset + 4 > len(page):
                self._note(f"a cell of page {number} lies outside it")
            else:
                children.append(struct.unpack_from(">I", page, offset)[0])
        children.append(struct.unpack_from(">I", page, start + 8)[0])
        return children

    def _leaf(self, number: int, page: bytes | memoryview, offsets: tuple[int, ...]) -> Iterator[Row]:
        room = len(page)
        for offset in offsets:
            try:
                length, place = varint(page, offset)
                row, place = varint(page, place)
            except IndexError:
                self._note(f"a cell of page {number} lies outside it")
                continue
            local = self._local(length)
            room -= local
            if room < 0 or place + local > len(page):
                self._note(f"the cells of page {number} lie over each other or outside it")
                return
            payload = bytes(page[place : place + local])
            if local < length:
                payload += self._overflow(page, place + local, length - local)
            if len(payload) < length:
                self._note(f"row {row} is cut off: {len(payload)} of {length} bytes")
                continue
            try:
                yield Row(row - (1 << 64) if row >> 63 else row, read_record(payload, self._pages.encoding))
            except ValueError as error:
                self._note(f"row {row}: {error}")

    def _local(self, length: int) -> int:
        """Return how many bytes of a payload stand on the leaf itself."""
        usable: int = self._pages.usable
        if length <= usable - 35:
            return length
        least = (usable - 12) * 32 // 255 - 23
        best = least + (length - least) % (usable - 4)
        return best if best <= usable - 35 else least

    def _overflow(self, page: bytes | memoryview, place: int, missing: int) -> bytes:
        """Follow the chain of pages that hold the rest of a payload."""
        if place + 4 > len(page):
            return b""
        number = struct.unpack_from(">I", page, place)[0]
        parts: list[bytes] = []
        room = self._pages.usable - 4
        while missing > 0 and number:
            further = self._take(number)
            if further is None:
                break
            parts.append(bytes(further[4 : 4 + min(room, missing)]))
            missing -= len(parts[-1])
            number = struct.unpack_from(">I", further)[0]
        return b"".join(parts)
