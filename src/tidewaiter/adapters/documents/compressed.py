"""Decompression by the first bytes: gzip, bzip2, xz and zstd, each with bounded memory."""

import bz2
import gzip
import io
import lzma
from typing import BinaryIO, Final, cast

import zstandard

from tidewaiter.adapters.documents.bounded import Prefixed, read_fully

_GZIP: Final = b"\x1f\x8b"
_BZIP2: Final = b"BZh"
_XZ: Final = b"\xfd7zXZ\0"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_LONGEST: Final = 6
_CHUNK: Final = 1 << 18
_MEMORY: Final = 128 << 20
"""Bytes of a dictionary or window; every feed stays far below, a made-up header may ask for gigabytes."""


def decompressed(raw: BinaryIO) -> BinaryIO:
    """Return a stream of what lies inside, the same bytes when they are not compressed; DocumentError, DAMAGE."""
    start = read_fully(raw, _LONGEST)
    whole = cast("BinaryIO", io.BufferedReader(Prefixed(start, raw), _CHUNK))
    if start.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=whole))
    if start.startswith(_BZIP2) and start[3:4].isdigit():
        return cast("BinaryIO", bz2.BZ2File(whole))
    if start.startswith(_XZ):
        return cast("BinaryIO", io.BufferedReader(_Xz(whole), _CHUNK))
    if start.startswith(_ZSTD):
        decompressor = zstandard.ZstdDecompressor(max_window_size=_MEMORY)
        return cast("BinaryIO", io.BufferedReader(_Zstd(decompressor.stream_reader(whole, read_across_frames=True))))
    return whole


class _Xz(io.RawIOBase):
    """All streams of an xz file one after the other, with a bound on memory that `lzma.open` does not take."""

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__()
        self._raw = raw
        self._rest = b""
        self._decompressor: lzma.LZMADecompressor | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while True:
            if self._decompressor is None:
                # Streams may be followed by padding of zero bytes (the .xz file format, 2.2).
                self._rest = (self._rest or self._raw.read(_CHUNK)).lstrip(b"\0")
                if not self._rest:
                    return 0
                self._decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
            elif self._decompressor.needs_input and not self._rest:
                self._rest = self._raw.read(_CHUNK)
                if not self._rest:
                    raise EOFError("the compressed data ends before its end mark")
            data = self._decompressor.decompress(self._rest, len(buffer))
            self._rest = b""
            if self._decompressor.eof:
                self._rest = self._decompressor.unused_data
                self._decompressor = None
            if data:
                buffer[: len(data)] = data
                return len(data)


class _Zstd(io.RawIOBase):
    """Gives `zstandard`'s reader the interface of a raw stream, which it has only in part."""

    def __init__(self, reader: zstandard.ZstdDecompressionReader) -> None:
        super().__init__()
        self._reader = reader

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._reader.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
