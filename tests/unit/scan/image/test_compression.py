"""Compressed layers: every format, many members, damage, bombs."""

import bz2
import gzip
import lzma
import os
import zlib
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tidewaiter.scan.image import compression
from tidewaiter.scan.image.compression import Chunks
from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.limits import Limits

BODY = b"layer " * 100_000 + os.urandom(70_000)
PACK = {
    "none": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
}
packed = pytest.mark.parametrize("name", [name for name in PACK if name != "none"])


class Stream:
    """A byte stream in memory."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        data = self._data[self._at : self._at + size]
        self._at += len(data)
        return data

    def skip(self, size: int, /) -> int:
        """Pass over bytes."""
        self._at += size
        return size


def unpack(data: bytes, **bounds: int) -> bytes:
    """Return all uncompressed bytes."""
    chunks = Chunks(Stream(data), Limits(**bounds))
    out = []
    while chunk := chunks.next():
        out.append(chunk)
    return b"".join(out)


@pytest.mark.parametrize("name", PACK)
def test_round_trip(name: str):
    """The format is told by the first bytes."""
    data = PACK[name](BODY)
    assert Chunks(Stream(data), Limits()).compression == name
    assert unpack(data) == BODY


@packed
def test_several_members(name: str):
    """Members that follow each other are one layer (eStargz, pigz); padding behind the last is tolerated."""
    pack = PACK[name]
    assert unpack(pack(b"one") + pack(b"") + pack(BODY) + bytes(600)) == b"one" + BODY


def test_member_whose_magic_spans_reads():
    """The start of the next member may be cut by a read."""
    first = gzip.compress(os.urandom(compression.READ))
    filler = gzip.compress(os.urandom(2 * compression.READ - len(first) % compression.READ - 200_000 % 100))
    data = first + filler + gzip.compress(b"end")
    assert unpack(data).endswith(b"end")


@packed
def test_cut_off(name: str):
    """A stream that ends early is told with its offset, what came before is given."""
    data = PACK[name](BODY)
    with pytest.raises(DamageError, match=r"ends too early|damaged"):
        unpack(data[: len(data) // 2])


@packed
def test_garbage_behind_the_end(name: str):
    """Bytes that are no further member are told."""
    with pytest.raises(DamageError, match=r"follow the layer"):
        unpack(PACK[name](b"x") + b"garbage!")


def test_zstd_skippable_frames():
    """zstd:chunked layers end in a skippable frame."""
    assert unpack(PACK["zstd"](b"x") + b"\x50\x2a\x4d\x18\x04\0\0\0abcd") == b"x"


@packed
@settings(deadline=None, max_examples=60)
@given(at=st.integers(0, 10_000), value=st.integers(0, 255))
def test_flipped_bytes(name: str, at: int, value: int):
    """A changed byte ends in bytes or in DamageError."""
    data = bytearray(PACK[name](b"layer " * 1000 + bytes(range(256)) * 8))
    data[at % len(data)] = value
    with suppress(DamageError):
        unpack(bytes(data))


def test_gigabytes_of_zeros():
    """A bomb stops at the ratio bound, long before its end."""
    bomb = gzip.compress(bytes(30 << 20))
    with pytest.raises(DamageError, match="as a bomb does"):
        unpack(bomb, ratio_after=10 << 20)
    with pytest.raises(DamageError, match="larger than"):
        unpack(bomb, layer_bytes=1 << 20)
    with pytest.raises(DamageError, match="as a bomb does"):
        unpack(zstandard.ZstdCompressor().compress(bytes(30 << 20)), ratio_after=10 << 20)


def test_zlib_gives_the_same():
    """Without igzip the standard library does the work."""
    data = gzip.compress(BODY)
    inner = compression._Zlib()
    out, fed = [], 0
    while not inner.eof:
        piece = b""
        if inner.needs_input:
            piece = data[fed : fed + 1000]
            fed += 1000
        out.append(inner.decompress(piece, 5000))
    assert b"".join(out) == BODY


def test_read_errors_are_damage():
    """A disk that fails is told like damage."""

    class Broken(Stream):
        def read(self, size: int, /) -> bytes:
            if self._at:
                raise OSError(5, "Input/output error")
            return super().read(size)

    chunks = Chunks(Broken(bytes(500_000)), Limits())
    chunks.next()
    with pytest.raises(DamageError, match="Input/output error"):
        chunks.next()


@pytest.mark.parametrize("log", [27, 28])
def test_zstd_windows_are_bounded(log: int):
    """A frame that asks for 128 MiB of memory is read, one that asks for more is damage (RFC 8878: 3.1.1.1.2)."""
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=log, hash_log=10, chain_log=10)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = packer.compress(BODY) + packer.flush()
    if log == 27:
        assert unpack(data) == BODY
    else:
        with pytest.raises(DamageError, match="zstd stream is damaged"):
            unpack(data)


def test_xz_dictionaries_are_bounded():
    """A dictionary of 512 MiB is more memory than a layer may ask for."""
    with pytest.raises(DamageError, match=r"[Mm]emory usage limit"):
        unpack(_with_large_dictionary(lzma.compress(BODY[:1000], preset=0)))


def _with_large_dictionary(data: bytes) -> bytes:
    """Return the stream with 512 MiB in the header of its block (XZ file format: 5.3.1), checksum set right."""
    header = bytearray(data[12:24])
    header[4] = 34  # the dictionary's size in the filter's properties: 2^29
    header[8:12] = zlib.crc32(header[:8]).to_bytes(4, "little")
    return data[:12] + bytes(header) + data[24:]
