"""From a path to the documents in it; the kind of container is told by its first bytes, never by its name."""

import contextlib
import io
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from tidewaiter.adapters.documents.bounded import DAMAGE, Bounded, Broken, Budget, Limits, Prefixed, read, read_fully
from tidewaiter.adapters.documents.compressed import decompressed
from tidewaiter.adapters.documents.tar import BLOCK, is_tar, tar_files
from tidewaiter.ports.advisories import HEAD, AdvisoryError, DocumentError

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_CHUNK: Final = 1 << 18
_ABOUT_DATA: Final = frozenset({"copying", "licence", "license", "notice", "readme"})
_SIGNATURES: Final = frozenset({".asc", ".sha256", ".sha512", ".sig"})
_LIMITS: Final = Limits()


class OpenDocument:
    """One document whose bytes can be read once, after its head has been looked at."""

    def __init__(self, name: str, modified: str, raw: BinaryIO, limits: Limits, budget: Budget) -> None:
        """Wrap the decompressed stream of one file or entry."""
        self.name = name
        self.modified = modified
        self._raw = raw
        self._limits = limits
        self._budget = budget
        self._head: bytes | None = None

    def head(self) -> bytes:
        """Return the first bytes after decompression; DocumentError."""
        if self._head is None:
            self._head = read_fully(self._raw, HEAD)
        return self._head

    def stream(self) -> BinaryIO:
        """Return all bytes from the start; reading raises DocumentError on damage and on a limit."""
        head = self.head()
        bounded = Bounded(self._raw, head=head, limit=self._limits.document, budget=self._budget)
        return io.BufferedReader(bounded, 1 << 16)


def open_documents(path: Path, limits: Limits = _LIMITS) -> Iterator[OpenDocument | DocumentError]:
    """Yield the documents of a file, an archive or a folder, by name; each is valid until the next is taken.

    Files and entries may be compressed (gzip, bzip2, xz, zstd); archives are tar and zip, one within another at most.
    A file or entry that cannot be opened is yielded as the error that names it. AdvisoryError when the path does not
    exist. Hidden folders and links to folders are not entered.
    """
    if not path.exists():
        raise AdvisoryError(f"{path} does not exist", "check the path; see `tidewaiter db import --help`")
    budget = Budget(limits.source)
    for file in _files(path) if path.is_dir() else (path,):
        yield from _file(file, limits, budget)


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        elif entry.is_file() and not _is_about_data(entry.name):
            yield entry


def _is_about_data(name: str) -> bool:
    """Tell whether a file speaks of the data beside it; one that is named itself is always opened."""
    file = PurePosixPath(name)
    suffix = file.suffix.lower()
    return suffix in _SIGNATURES or (suffix in {"", ".md", ".txt"} and file.stem.lower() in _ABOUT_DATA)


def _file(path: Path, limits: Limits, above: Budget) -> Iterator[OpenDocument | DocumentError]:
    name = str(path)
    try:
        with path.open("rb") as stream:
            status = path.stat()
            modified = datetime.fromtimestamp(status.st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            budget = Budget(max(limits.free, limits.ratio * status.st_size), above)
            yield from _Source(limits, budget).open(name, modified, stream, depth=0)
    except OSError as error:
        yield DocumentError(f"{name}: {error.strerror or error}")


class _Source:
    """What one file holds: itself, or the entries of an archive."""

    def __init__(self, limits: Limits, budget: Budget) -> None:
        self._limits = limits
        self._budget = budget
        self._entries = 0

    def open(self, name: str, modified: str, raw: BinaryIO, depth: int) -> Iterator[OpenDocument | DocumentError]:
        """Yield the documents of a stream, which is decompressed first."""
        try:
            inside = decompressed(raw)
            start = read_fully(inside, BLOCK)
        except (DocumentError, *DAMAGE) as error:
            broken = cast("BinaryIO", Broken(error))
            yield OpenDocument(name, modified, broken, self._limits, self._budget)
            return
        whole = cast("BinaryIO", io.BufferedReader(Prefixed(start, inside), _CHUNK))
        kind = "tar" if is_tar(start) else "zip" if start.startswith((_ZIP, _EMPTY_ZIP)) else ""
        if kind and depth >= self._limits.depth:
            yield DocumentError(f"{name}: more than {self._limits.depth} archives within each other")
        elif kind == "tar":
            yield from self._tar(name, whole, depth)
        elif kind == "zip":
            yield from self._zip(name, whole, raw if depth == 0 else None, depth)
        else:
            yield OpenDocument(name, modified, whole, self._limits, self._budget)

    def _tar(self, name: str, stream: BinaryIO, depth: int) -> Iterator[OpenDocument | DocumentError]:
        bounded = cast(
            "BinaryIO", io.BufferedReader(Bounded(stream, limit=self._limits.source, budget=self._budget), _CHUNK)
        )
        try:
            for entry, modified, content in tar_files(bounded):
                if _is_about_data(entry):
                    continue
                self._count()
                yield from self.open(f"{name}: {entry}", modified, content, depth + 1)
        except DocumentError as error:
            yield DocumentError(f"{name}: {error}")

    def _zip(
        self, name: str, stream: BinaryIO, file: BinaryIO | None, depth: int
    ) -> Iterator[OpenDocument | DocumentError]:
        with contextlib.ExitStack() as stack:
            try:
                seekable = file if file is not None and _is_zip(file) else stack.enter_context(self._kept(stream))
                archive = stack.enter_context(zipfile.ZipFile(seekable))
            except DocumentError as error:
                yield DocumentError(f"{name}: {error}")
                return
            except DAMAGE as error:
                yield DocumentError(f"{name}: damaged archive: {error}")
                return
            files = (info for info in archive.infolist() if info.filename and not info.is_dir())
            infos = sorted(files, key=lambda info: info.filename)
            if len(infos) > self._limits.entries:
                yield DocumentError(f"{name}: {len(infos)} entries, more than the {self._limits.entries} allowed")
                return
            for info in infos:
                if not _is_about_data(info.filename):
                    yield from self._zip_entry(archive, info, name, depth)

    def _zip_entry(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, depth: int
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
            yield from self.open(whole, modified, cast("BinaryIO", stream), depth + 1)

    def _kept(self, stream: BinaryIO) -> BinaryIO:
        """Return a nameless file with the rest of a stream: a zip is read from its end."""
        file = tempfile.SpooledTemporaryFile(max_size=16 << 20)  # noqa: SIM115 - the caller closes it
        bounded = io.BufferedReader(Bounded(stream, limit=self._limits.nested, budget=self._budget), _CHUNK)
        while data := read(bounded, _CHUNK):
            file.write(data)
        file.seek(0)
        return cast("BinaryIO", file)

    def _count(self) -> None:
        self._entries += 1
        if self._entries > self._limits.entries:
            raise DocumentError(f"more than the {self._limits.entries} entries allowed")


def _is_zip(file: BinaryIO) -> bool:
    """Tell whether the file itself is the zip, and not something compressed around it; leaves it at its start."""
    file.seek(0)
    found = file.read(len(_ZIP))
    file.seek(0)
    return found in {_ZIP, _EMPTY_ZIP}
