"""Entries of a tar as they come by (POSIX.1 pax, GNU long names), without index, so that a pipe is enough."""

import contextlib
import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Final

from tidewaiter.adapters.documents.bounded import read, read_fully
from tidewaiter.ports.advisories import DocumentError

BLOCK: Final = 512
_MAGIC_AT: Final = 257
_LONGEST_HEADER: Final = 1 << 20
_CHUNK: Final = 1 << 18


def is_tar(head: bytes) -> bool:
    """Tell whether a file begins with the header of a tar member."""
    if head[_MAGIC_AT : _MAGIC_AT + 5] != b"ustar":
        return False
    with contextlib.suppress(tarfile.TarError, ValueError):
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
        return True
    return False


def tar_files(stream: BinaryIO) -> Iterator[tuple[str, str, BinaryIO]]:
    """Yield (name, RFC 3339 time, content) of each regular file; the content can be read until the next is taken.

    DocumentError when the archive is damaged or cut off.
    """
    name, size = "", -1
    while True:
        block = read_fully(stream, BLOCK)
        if len(block) == BLOCK and not block.strip(b"\0"):
            _drain(stream)
            return
        info = _header(block)
        if info.type in {tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE}:
            data = _extension(stream, info)
            if info.type == tarfile.GNUTYPE_LONGNAME:
                name = data.split(b"\0", 1)[0].decode("utf-8", "replace")
            elif info.type == tarfile.XHDTYPE:
                records = _pax(data)
                name = records.get("path", name)
                if "size" in records:
                    size = _number(records["size"])
            continue
        content = _Content(stream, size if size >= 0 else info.size)
        if info.isreg():
            yield name or info.name, _time(info.mtime), io.BufferedReader(content)
        content.pass_over()
        name, size = "", -1


class _Content(io.RawIOBase):
    """The bytes of one member; closing it does nothing, the walk passes over what was not read."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = size
        self._padding = -size % BLOCK

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = read(self._stream, min(len(buffer), self._left))
        if self._left and not data:
            raise DocumentError("damaged or cut off: the archive ends within a member")
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def pass_over(self) -> None:
        rest = self._left + self._padding
        while rest:
            data = read(self._stream, min(rest, _CHUNK))
            if not data:
                raise DocumentError("damaged or cut off: the archive ends within a member")
            rest -= len(data)
        self._left = self._padding = 0


def _header(block: bytes) -> tarfile.TarInfo:
    if len(block) < BLOCK:
        raise DocumentError("damaged or cut off: the archive has no end mark")
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError) as error:
        raise DocumentError(f"damaged archive: {error}") from error
    if info.size < 0:
        raise DocumentError("damaged archive: a member with a negative size")
    return info


def _extension(stream: BinaryIO, info: tarfile.TarInfo) -> bytes:
    if info.size > _LONGEST_HEADER:
        raise DocumentError(f"damaged archive: a header of {info.size} bytes")
    data = read_fully(stream, info.size + (-info.size % BLOCK))
    return data[: info.size]


def _pax(data: bytes) -> dict[str, str]:
    """Return the records `length key=value` of a pax header, up to the first that is malformed."""
    records: dict[str, str] = {}
    while data:
        length, blank, _ = data.partition(b" ")
        if not blank or not length.isdigit() or len(length) > 7 or not len(length) < int(length) <= len(data):
            break
        key, _, value = data[len(length) + 1 : int(length) - 1].partition(b"=")
        records[key.decode("utf-8", "replace")] = value.decode("utf-8", "replace")
        data = data[int(length) :]
    return records


def _number(text: str) -> int:
    if not text.isdigit() or len(text) > 18:
        raise DocumentError("damaged archive: a size that is no number")
    return int(text)


def _time(seconds: float) -> str:
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds > 0 else ""
    return ""


def _drain(stream: BinaryIO) -> None:
    """Read to the end, so that a cut behind the last member is noticed."""
    while read(stream, _CHUNK):
        pass
