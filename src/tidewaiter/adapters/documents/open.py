"""From a path to the documents in it; the kind of container is told by its first bytes, never by its name."""

import contextlib
import gzip
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from tidewaiter.adapters.documents.bounded import DAMAGE, Bounded, Budget, read
from tidewaiter.ports.advisories import HEAD, AdvisoryError, DocumentError

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one source may give, in bytes and in entries."""

    document: int = 1 << 30
    source: int = 16 << 30
    entries: int = 2_000_000


class OpenDocument:
    """One document whose bytes can be read once, after its head has been looked at."""

    def __init__(self, name: str, modified: str, raw: BinaryIO, limits: Limits, budget: Budget) -> None:
        """Wrap the stream of one file or entry; a compressed one is decompressed while it is read."""
        self.name = name
        self.modified = modified
        self._raw = raw
        self._limits = limits
        self._budget = budget
        self._head: bytes | None = None

    def head(self) -> bytes:
        """Return the first bytes after decompression; DocumentError."""
        if self._head is None:
            self._raw = _decompressed(self._raw)
            parts = []
            missing = HEAD
            while missing > 0 and (part := read(self._raw, missing)):
                parts.append(part)
                missing -= len(part)
            self._head = b"".join(parts)
        return self._head

    def stream(self) -> BinaryIO:
        """Return all bytes from the start; reading raises DocumentError on damage and on a limit."""
        head = self.head()
        bounded = Bounded(self._raw, head=head, limit=self._limits.document, budget=self._budget)
        return io.BufferedReader(bounded, 1 << 16)


_LIMITS = Limits()


_ABOUT_DATA = frozenset({"copying", "licence", "license", "notice", "readme"})


def open_documents(path: Path, limits: Limits = _LIMITS) -> Iterator[OpenDocument | DocumentError]:
    """Yield the documents of a file, an archive or a folder, by name; each is valid until the next is taken.

    A file or entry that cannot be opened is yielded as the error that names it. AdvisoryError when the path does not
    exist. Hidden folders and links to folders are not entered.
    """
    if not path.exists():
        raise AdvisoryError(f"{path} does not exist", "check the path; see `tidewaiter db import --help`")
    budget = Budget(limits.source)
    if not path.is_dir():
        yield from _file(path, str(path), limits, budget)
        return
    for file in _files(path):
        yield from _file(file, str(file), limits, budget)


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        elif entry.is_file() and not _is_about_data(entry):
            yield entry


def _is_about_data(file: Path) -> bool:
    """Tell whether a file of a folder speaks of the data beside it; one that is named itself is always opened."""
    return file.suffix.lower() in {"", ".md", ".txt"} and file.stem.lower() in _ABOUT_DATA


def _file(path: Path, name: str, limits: Limits, budget: Budget) -> Iterator[OpenDocument | DocumentError]:
    try:
        with path.open("rb") as stream:
            modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            if stream.read(len(_ZIP)) == _ZIP:
                yield from _entries(stream, name, limits, budget)
                return
            stream.seek(0)
            yield OpenDocument(name, modified, stream, limits, budget)
    except OSError as error:
        yield DocumentError(f"{name}: {error.strerror or error}")


def _entries(stream: BinaryIO, name: str, limits: Limits, budget: Budget) -> Iterator[OpenDocument | DocumentError]:
    try:
        archive = zipfile.ZipFile(stream)
    except DAMAGE as error:
        yield DocumentError(f"{name}: damaged archive: {error}")
        return
    with archive:
        infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
        if len(infos) > limits.entries:
            yield DocumentError(f"{name}: {len(infos)} entries, more than the {limits.entries} allowed")
            return
        for info in infos:
            yield from _entry(archive, info, name, limits, budget)


def _entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits, budget: Budget
) -> Iterator[OpenDocument | DocumentError]:
    whole = f"{name}: {info.filename}"
    modified = ""
    with contextlib.suppress(ValueError):
        modified = datetime(*info.date_time, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        stream = archive.open(info)
    except (*DAMAGE, KeyError) as error:
        yield DocumentError(f"{whole}: {error}")
        return
    with stream:
        yield OpenDocument(whole, modified, cast("BinaryIO", stream), limits, budget)


def _decompressed(raw: BinaryIO) -> BinaryIO:
    start = read(raw, len(_GZIP))
    whole = cast("BinaryIO", io.BufferedReader(_Prefixed(start, raw)))
    if start.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=whole))
    return whole


class _Prefixed(io.RawIOBase):
    """Gives bytes that were already taken from a stream, then the rest of it."""

    def __init__(self, prefix: bytes, stream: BinaryIO) -> None:
        super().__init__()
        self._prefix = prefix
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._prefix:
            data, self._prefix = self._prefix[: len(buffer)], self._prefix[len(buffer) :]
        else:
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
