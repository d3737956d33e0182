"""A place in a stream of uncompressed chunks: take bytes, look at them, pass over them."""

from typing import Final

from tidewaiter.scan.image.compression import CHUNK, Chunks
from tidewaiter.scan.image.damage import DamageError

_KEPT: Final = 96 << 20
"""Bytes of a body whose buffer is used again for the next one."""


class Cursor:
    """The bytes of a layer, of which the present chunk is in memory."""

    def __init__(self, chunks: Chunks) -> None:
        """Begin before the first chunk."""
        self._chunks = chunks
        self._buffer = b""
        self._at = 0
        """Place in the buffer."""
        self._base = 0
        """Uncompressed offset of the buffer."""
        self._left = 0
        """Bytes of the present body that were not taken yet."""
        self._spare = bytearray()

    def _pass(self, size: int, *, within_body: bool) -> None:
        """Pass over bytes, without decompressing them where the layer is plain."""
        if within_body:
            self._left -= size
        here = len(self._buffer) - self._at
        if size <= here:
            self._at += size
            return
        rest = size - here
        self._base += len(self._buffer)
        self._buffer, self._at = b"", 0
        while rest:
            passed = self._chunks.skip(rest)
            if passed:
                self._base += passed
                rest -= passed
                continue
            chunk = self._chunks.next()
            if not chunk:
                raise self._cut_off()
            if rest < len(chunk):
                self._buffer, self._at = chunk, rest
                return
            self._base += len(chunk)
            rest -= len(chunk)

    def _take(self, size: int) -> bytes | memoryview:
        """Return the next bytes of the present body, as a view where they lie in one chunk."""
        self._left -= size
        end = self._at + size
        if end <= len(self._buffer):
            view = memoryview(self._buffer)[self._at : end]
            self._at = end
            return view
        data = self._across(size) if size <= CHUNK else self._gathered(size)
        if len(data) < size:
            raise self._cut_off()
        return data

    def _gathered(self, size: int) -> memoryview:
        """Return many chunks in one buffer that grows in place, so that a large body is never held twice."""
        whole = self._free_buffer()
        have = 0
        piece = memoryview(self._buffer)[self._at :]
        while True:
            have = _put(whole, have, piece)
            if have == size:
                break
            chunk = self._chunks.next()
            if not chunk:
                raise self._cut_off()
            self._base += len(self._buffer)
            self._buffer = chunk
            self._at = min(size - have, len(chunk))
            piece = memoryview(chunk)[: self._at]
        if len(whole) <= _KEPT:
            self._spare = whole
        return memoryview(whole)[:size].toreadonly()

    def _free_buffer(self) -> bytearray:
        """Return the buffer of an earlier body, whose pages need not be made again, unless somebody still looks at it."""
        whole, self._spare = self._spare, bytearray()
        try:
            whole.append(0)
            whole.pop()
        except BufferError:  # a view of it is alive
            return bytearray()
        return whole

    def _across(self, size: int) -> bytes:
        """Return `size` bytes that span chunks, or nothing at the end of the stream."""
        parts = [self._buffer[self._at :]]
        have = len(parts[0])
        while have < size:
            chunk = self._chunks.next()
            if not chunk:
                if have:
                    raise self._cut_off()
                return b""
            self._base += len(self._buffer)
            self._buffer = chunk
            self._at = min(size - have, len(chunk))
            parts.append(chunk[: self._at])
            have += self._at
        return b"".join(parts)

    def _gather(self, size: int) -> None:
        """Make at least `size` bytes lie in the buffer from the present place."""
        parts = [self._buffer[self._at :]]
        have = len(parts[0])
        while have < size:
            chunk = self._chunks.next()
            if not chunk:
                raise self._cut_off()
            parts.append(chunk)
            have += len(chunk)
        self._base += self._at
        self._buffer, self._at = b"".join(parts), 0

    def _cut_off(self) -> DamageError:
        return DamageError("the layer is cut off", self._chunks.made_bytes, "save or pull the image again")


def _put(whole: bytearray, at: int, piece: memoryview) -> int:
    """Write a piece at a place, beyond the end if need be, and return the place behind it."""
    end = at + len(piece)
    if end <= len(whole):
        with memoryview(whole) as target:
            target[at:end] = piece
    else:
        del whole[at:]
        whole += piece
    return end
