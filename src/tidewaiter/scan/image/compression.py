"""Turns the stored bytes of a layer into uncompressed chunks: plain, gzip, zstd, xz or bzip2, told by their first bytes."""

import bz2
import hashlib
import lzma
import zlib
from collections.abc import Callable
from typing import Final, Protocol

import zstandard

from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.limits import Limits
from tidewaiter.scan.image.store import ByteStream

_IGZIP_ERRORS: tuple[type[Exception], ...] = ()
try:
    from isal import igzip_lib

    _IGZIP_ERRORS = (igzip_lib.IsalError,)  # type: ignore[assignment]  # the stub calls the class an instance
except ImportError:  # pragma: no cover - isal has wheels for the common platforms only
    igzip_lib = None  # type: ignore[assignment]

CHUNK: Final = 1 << 18
"""Uncompressed bytes per chunk: small enough to stay in the processor's second cache."""
READ: Final = 1 << 17
"""Stored bytes per read; also the chunk of a plain layer."""
_ZSTD_PIECE: Final = 4096
"""A zstd block turns 4 bytes into 128 KiB at most, so a piece of this size yields 128 MiB at worst."""
_ZSTD_WINDOW: Final = 1 << 27
_BROKEN: Final[tuple[type[Exception], ...]] = (
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    OSError,
    EOFError,
    ValueError,
    *_IGZIP_ERRORS,
)


class Decompressor(Protocol):
    """The shape of `bz2.BZ2Decompressor`, which igzip and lzma share."""

    @property
    def eof(self) -> bool:
        """Return whether the member has ended."""
        ...

    @property
    def needs_input(self) -> bool:
        """Return whether more stored bytes are needed for more output."""
        ...

    @property
    def unused_data(self) -> bytes:
        """Return the stored bytes behind the member's end."""
        ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return the next uncompressed bytes."""
        ...


class _Zlib:
    """`zlib.decompressobj` in the shape of `Decompressor`, for machines without igzip."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        out = self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))
        self.eof, self.unused_data = self._inner.eof, self._inner.unused_data
        self.needs_input = not self._inner.unconsumed_tail and len(out) < max_length
        return out


class _Zstd:
    """One zstd frame in the shape of `Decompressor`; input is fed in small pieces, which bounds the output."""

    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        self._waiting = b""
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        waiting = self._waiting + data if self._waiting else data
        out: list[bytes] = []
        made = at = 0
        while at < len(waiting) and made < max_length and not self.eof:
            out.append(self._inner.decompress(waiting[at : at + _ZSTD_PIECE]))
            made += len(out[-1])
            at += _ZSTD_PIECE
            self.eof = self._inner.eof
        self._waiting = waiting[at:]
        if self.eof:
            self.unused_data = self._inner.unused_data + self._waiting
        self.needs_input = not self._waiting
        return b"".join(out)


def _gzip() -> Decompressor:
    if igzip_lib is None:  # pragma: no cover
        return _Zlib()
    made: Decompressor = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
    return made


_BY_MAGIC: Final[tuple[tuple[bytes, str, Callable[[], Decompressor]], ...]] = (
    (b"\x1f\x8b\x08", "gzip", _gzip),
    (b"\x28\xb5\x2f\xfd", "zstd", _Zstd),
    (b"\xfd7zXZ\x00", "xz", lambda: lzma.LZMADecompressor(memlimit=1 << 28)),
    (b"BZh", "bzip2", bz2.BZ2Decompressor),
)


class Chunks:
    """The uncompressed bytes of a layer, chunk by chunk, with its bounds enforced."""

    def __init__(self, stream: ByteStream, limits: Limits, *, verify: bool = False) -> None:
        """Look at the first bytes to tell the compression; `verify` reads and hashes every byte."""
        self._hash = hashlib.sha256() if verify else None
        self._ended = False
        self._stream = stream
        self._limits = limits
        self.read_bytes = 0
        """Stored bytes taken so far."""
        self.made_bytes = 0
        """Uncompressed bytes given so far."""
        self.compression = "none"
        self._magic = b""
        self._make: Callable[[], Decompressor] | None = None
        self._decompressor: Decompressor | None = None
        self._first = self._read()
        for magic, name, make in _BY_MAGIC:
            if self._first.startswith(magic):
                self.compression, self._magic, self._make = name, magic, make
                self._decompressor = make()

    @property
    def must_end(self) -> bool:
        """Return whether the bytes behind the last member have to be read too: for their damage or their digest."""
        return self._make is not None or self._hash is not None

    @property
    def digest(self) -> str:
        """Return `sha256:<hex>` of the uncompressed bytes; empty when they were not all read, or not hashed."""
        return f"sha256:{self._hash.hexdigest()}" if self._ended and self._hash is not None else ""

    def next(self) -> bytes:
        """Return the next chunk, empty at the end; raise DamageError when the bytes are broken or a bound is hit."""
        data = self._plain() if self._make is None else self._decompressed(self._make)
        if self._hash is not None:
            self._hash.update(data)
        self._ended = not data
        self.made_bytes += len(data)
        if self.made_bytes > self._limits.layer_bytes:
            raise DamageError(
                f"the layer is larger than {self._limits.layer_bytes} bytes uncompressed", self.made_bytes
            )
        if self.made_bytes > self._limits.ratio_after and self.made_bytes > self.read_bytes * self._limits.ratio:
            raise DamageError(
                f"the layer grows more than {self._limits.ratio} times when decompressed, as a bomb does",
                self.made_bytes,
            )
        return data

    def skip(self, size: int) -> int:
        """Pass over up to `size` uncompressed bytes where that needs no decompression; return how many."""
        if self.must_end or self._first:
            return 0
        passed = self._skip(size)
        self.read_bytes += passed
        self.made_bytes += passed
        return passed

    def _plain(self) -> bytes:
        if self._first:
            data, self._first = self._first, b""
            return data
        return self._read()

    def _decompressed(self, make: Callable[[], Decompressor]) -> bytes:
        while True:
            if self._decompressor is None:
                if not self._starts_member():
                    return b""
                self._decompressor = make()
            out = self._step(self._decompressor)
            if self._decompressor.eof:
                self._first = self._decompressor.unused_data
                self._decompressor = None
            if out:
                return out

    def _step(self, decompressor: Decompressor) -> bytes:
        data, self._first = self._first, b""
        if not data and decompressor.needs_input:
            data = self._read()
            if not data:
                raise DamageError(f"the {self.compression} stream ends too early", self.made_bytes, _FETCH_AGAIN)
        try:
            return decompressor.decompress(data, CHUNK)
        except _BROKEN as error:
            reason = f"the {self.compression} stream is damaged ({error})"
            raise DamageError(reason, self.made_bytes, _FETCH_AGAIN) from error

    def _starts_member(self) -> bool:
        """Look behind the end of a member: another member follows, or padding, or the end."""
        while len(self._first) < len(self._magic):
            more = self._read()
            if not more:
                break
            self._first += more
        if self._first.startswith(self._magic) or self._is_skippable():
            return True
        while self._first and not self._first.strip(b"\0"):
            self._first = self._read()
        if self._first:
            raise DamageError(f"bytes that are not {self.compression} follow the layer's end", self.made_bytes)
        return False

    def _is_skippable(self) -> bool:
        """Tell a zstd skippable frame (RFC 8878, 3.1.2), in which `zstd:chunked` layers keep their index."""
        first = self._first
        return self.compression == "zstd" and len(first) > 3 and first[0] >> 4 == 5 and first[1:4] == b"\x2a\x4d\x18"

    def _read(self) -> bytes:
        try:
            data = self._stream.read(READ)
        except OSError as error:
            raise DamageError(f"the archive cannot be read ({error})", self.made_bytes) from error
        self.read_bytes += len(data)
        return data

    def _skip(self, size: int) -> int:
        try:
            return self._stream.skip(size)
        except OSError as error:
            raise DamageError(f"the archive cannot be read ({error})", self.made_bytes) from error


_FETCH_AGAIN: Final = "pull or save the image again"
