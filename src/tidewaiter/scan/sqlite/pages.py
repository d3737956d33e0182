"""Pages of a SQLite database (sqlite.org: fileformat2, section 1): the file's, replaced by newer ones of the log."""

import struct
from typing import Final

from tidewaiter.scan.sqlite.wal import is_page_size, read_wal

_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_ENCODINGS: Final = {0: "utf-8", 1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
_LEAST_USABLE: Final = 480


class SqliteError(ValueError):
    """The bytes are no SQLite database, or nothing of it can be found."""


class Pages:
    """Gives pages by number; the first is 1."""

    def __init__(self, data: bytes, wal: bytes = b"") -> None:
        """Read the header; SqliteError when neither file nor log has a usable first page."""
        log = read_wal(wal)
        self.damage = [log.damage] if log.damage else []
        self._data = memoryview(data)
        self._newer = log.pages
        first = bytes(data[:_HEADER_BYTES]) or log.pages.get(1, b"")
        if len(first) < _HEADER_BYTES or not first.startswith(_MAGIC):
            raise SqliteError("it does not start with the mark of a SQLite database")
        self.size: int = struct.unpack_from(">H", first, 16)[0]
        self.size = 65536 if self.size == 1 else self.size
        self.usable = self.size - first[20]
        if not is_page_size(self.size) or self.usable < _LEAST_USABLE:
            raise SqliteError(f"it states pages of {self.size} bytes, {self.usable} of them usable")
        if log.page_size in {0, self.size}:
            first = log.pages.get(1, first)
        else:
            self.damage.append(f"the write-ahead log has pages of {log.page_size} bytes, the database of {self.size}")
            self._newer = {}
        self.encoding = _ENCODINGS.get(struct.unpack_from(">I", first, 56)[0], "utf-8")
        self._check_size(first, log.page_count if self._newer else 0)

    def _check_size(self, first: bytes, logged: int) -> None:
        """Compare the pages there are with those that the header or the last commit speaks of."""
        changed, stated = struct.unpack_from(">2I", first, 24)
        valid_for = struct.unpack_from(">I", first, 92)[0]
        whole, rest = divmod(len(self._data), self.size)
        wanted = logged or (stated if changed == valid_for else 0)
        have = max([whole, *self._newer])
        if rest or have < wanted:
            told = f"{wanted} pages are stated" if wanted else f"the last page has {rest} bytes"
            self.damage.append(f"the database is cut off: it has {whole} whole pages, {told}")

    def get(self, number: int) -> bytes | memoryview | None:
        """Return the newest content of a page; None beyond the end."""
        newer = self._newer.get(number)
        if newer is not None:
            return newer
        start = (number - 1) * self.size
        if number < 1 or start + self.size > len(self._data):
            return None
        return self._data[start : start + self.size]
