"""The folder of downloaded documents: each with what the server said of it, so that the next run can ask for less."""

import contextlib
import fcntl
import hashlib
import os
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import msgspec

from tidewaiter.ports.advisories import AdvisoryError

_CHUNK = 1 << 20
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80
_LARGEST = 1 << 16


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one downloaded document."""

    url: str
    sha256: str
    size: int
    etag: str = ""
    modified: str = ""
    """`Last-Modified` as the server wrote it."""

    @property
    def validator(self) -> str:
        """Return what proves that the server still has the same bytes; a weak ETag does not (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


class Cache:
    """Documents by address."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made when something is kept."""
        self.folder = folder

    def path(self, url: str) -> Path:
        """Return where the document of an address lies: a digest of the address, then its own name to be recognised."""
        digest = hashlib.sha256(url.encode()).hexdigest()[:16]
        parts = [_UNSAFE.sub("-", part) for part in urlsplit(url).path.split("/") if part][-2:]
        return self.folder / f"{digest}-{'-'.join(parts)[-_LONGEST_NAME:] or 'document'}"

    def kept(self, url: str) -> Kept | None:
        """Return what is known about a whole document that lies here; None without one."""
        path = self.path(url)
        known = self._read(path, ".json", url)
        return known if known is not None and path.stat().st_size == known.size else None

    def partial(self, url: str) -> tuple[int, Kept | None]:
        """Return how many bytes of an interrupted download lie here, and what the server said of them."""
        path = self.path(url)
        known = self._read(path, ".part.json", url, of=".part")
        size = 0
        with contextlib.suppress(OSError):
            size = _beside(path, ".part").stat().st_size
        return (size, known) if known is not None and known.validator else (0, None)

    def part(self, url: str) -> Path:
        """Return the file that an unfinished download is written to."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return _beside(self.path(url), ".part")

    def begin(self, known: Kept) -> None:
        """Note what a server said before its bytes are taken."""
        _write(_beside(self.path(known.url), ".part.json"), known)

    def finish(self, known: Kept) -> Path:
        """Make the unfinished document the whole one; its file time becomes that of the server's copy."""
        path = self.path(known.url)
        _beside(path, ".part").replace(path)
        with contextlib.suppress(ValueError, OverflowError, OSError):
            seconds = parsedate_to_datetime(known.modified).timestamp()
            os.utime(path, (seconds, seconds))
        _write(_beside(path, ".json"), known)
        _beside(path, ".part.json").unlink(missing_ok=True)
        return path

    def forget_part(self, url: str) -> None:
        """Throw an unfinished download away."""
        path = self.path(url)
        _beside(path, ".part").unlink(missing_ok=True)
        _beside(path, ".part.json").unlink(missing_ok=True)

    def _read(self, path: Path, suffix: str, url: str, of: str = "") -> Kept | None:
        try:
            data = _beside(path, suffix).read_bytes()[:_LARGEST]
            known = msgspec.json.decode(data, type=Kept)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return known if known.url == url and _beside(path, of).is_file() else None


def taken(folder: Path) -> IO[bytes]:
    """Return the open lock of a folder, which is free again when it is closed; AdvisoryError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("wb")
    except OSError as error:
        raise AdvisoryError(f"{folder} cannot be written: {error.strerror or error}", "check the folder") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise AdvisoryError(f"another update uses {folder}", "wait until it is done") from error
    return lock


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while data := stream.read(_CHUNK):
            found.update(data)
    return found.hexdigest()


def is_older(one: str, other: str) -> bool:
    """Tell whether a `Last-Modified` is before another; False when either is none."""
    try:
        return parsedate_to_datetime(one) < parsedate_to_datetime(other)
    except (ValueError, TypeError):
        return False


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix) if suffix else path


def _write(path: Path, known: Kept) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path, ".tmp")
    temporary.write_bytes(msgspec.json.encode(known))
    temporary.replace(path)
