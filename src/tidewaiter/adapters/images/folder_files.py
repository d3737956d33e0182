"""Files of a folder, for OCI layouts; nothing outside the folder is read, whatever its links say."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tidewaiter.adapters.images.tar_files import read_at
from tidewaiter.scan.image.windows import Window


class FolderFiles:
    """Implements `ArchiveFiles` over a folder."""

    def __init__(self, root: Path) -> None:
        """Take the folder; links to it were followed by the caller."""
        self._root = root.resolve()

    def size(self, name: str) -> int | None:
        """Return the bytes of a regular file inside the folder, else None."""
        place = self._place(name)
        return place.stat().st_size if place is not None else None

    def read(self, name: str, limit: int) -> bytes:
        """Return at most `limit` bytes."""
        with self.open(name) as window:
            return window.read(limit)

    @contextmanager
    def open(self, name: str) -> Iterator[Window]:
        """Open a file as a stream."""
        place = self._place(name)
        if place is None:
            raise FileNotFoundError(f"{name} is not in the layout")
        with place.open("rb", buffering=0) as file:
            yield Window(read_at(file), 0, place.stat().st_size)

    def _place(self, name: str) -> Path | None:
        try:
            place = (self._root / name).resolve()
            is_file = name and place.is_relative_to(self._root) and stat.S_ISREG(place.stat().st_mode)
        except (OSError, ValueError, RuntimeError):
            return None
        return place if is_file else None
