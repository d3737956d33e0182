"""Walks a tar stream by hand: names and sizes of every member, bodies only where they are asked for.

`tarfile` builds an object per member, which costs more than decompression does. Rules: POSIX.1 pax, tar(5) of GNU tar.
"""

from collections.abc import Iterator
from typing import Final

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image import header as headers
from tidewaiter.scan.image.compression import Chunks
from tidewaiter.scan.image.cursor import Cursor
from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.header import BLOCK, HeaderError
from tidewaiter.scan.image.limits import Limits
from tidewaiter.scan.image.paths import normalise
from tidewaiter.scan.image.store import Entry, Kind

_ZERO: Final = bytes(BLOCK)
_BINARY_TEST: Final = 8192
_KINDS: Final[dict[bytes, Kind]] = {
    b"0": "file",
    b"\0": "file",
    b"7": "file",
    b"1": "hardlink",
    b"2": "symlink",
    b"5": "folder",
    b"S": "sparse",
}
_BODILESS: Final = frozenset({b"1", b"2", b"3", b"4", b"5", b"6"})
_EXTENSIONS: Final = frozenset({b"x", b"X", b"g", b"L", b"K"})
_PAX_LINK: Final = b"linkpath"


class TarWalk(Cursor):
    """The members of one layer in the order in which they are stored; raises DamageError where it cannot go on."""

    def __init__(self, chunks: Chunks, limits: Limits, subject: str = "") -> None:
        """Walk the uncompressed bytes of `chunks`; `subject` names the archive in Unknowns."""
        super().__init__(chunks)
        self._limits = limits
        self._subject = subject
        self._padding = 0
        self._unknowns: list[Unknown] = []
        self._is_marked = True

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Return the members that were passed over."""
        return tuple(self._unknowns)

    @property
    def is_marked(self) -> bool:
        """Return False when the walk came to the end of the stream without an end mark, which may have been cut off."""
        return self._is_marked

    def __iter__(self) -> Iterator[Entry]:
        """Yield members; what was not asked for of a body is skipped before the next one."""
        extension: dict[bytes, bytes] = {}
        members = extended = 0
        while True:
            self._skip_body()
            offset = self._base + self._at
            header = self._header(offset)
            if header is None:
                self._drain()
                return
            members += 1
            if members > self._limits.members:
                raise DamageError(f"the layer has more than {self._limits.members} members", offset)
            try:
                flag = header[156:157]
                size = self._size(header, flag, extension)
                if flag in _EXTENSIONS:
                    extended += size
                    if extended > self._limits.header_bytes:
                        reason = f"an extended tar header is larger than {self._limits.header_bytes} bytes"
                        raise DamageError(reason, offset)
                    self._extend(flag, size, extension)
                    continue
                if flag == b"S" and header[482]:
                    self._skip_sparse_maps(offset)
                entry = self._entry(header, flag, size, extension, offset)
            except HeaderError as error:
                raise DamageError(f"the tar header is damaged: {error}", offset) from error
            extension, extended = {}, 0
            self._left = 0 if flag in _BODILESS else size
            self._padding = -self._left % BLOCK
            if entry is not None:
                yield entry

    def starts_binary(self) -> bool:
        """Return whether a NUL is among the first 8 KiB of the present body."""
        end = min(self._left, _BINARY_TEST)
        if len(self._buffer) - self._at < end:
            self._gather(end)
        return self._buffer.find(b"\0", self._at, self._at + end) >= 0

    def peek(self, size: int) -> bytes:
        """Return the first bytes of the present body, fewer when it is shorter, without taking them."""
        size = min(size, self._left)
        if len(self._buffer) - self._at < size:
            self._gather(size)
        return self._buffer[self._at : self._at + size]

    def body(self, head: int, tail: int = 0) -> bytes | memoryview:
        """Return the present body, or its first `head` and last `tail` bytes when it is longer; call it once."""
        if self._left <= head + tail:
            return self._take(self._left)
        first = bytes(self._take(head))
        self._pass(self._left - tail, within_body=True)
        return first + bytes(self._take(tail))

    def _header(self, offset: int) -> bytes | None:
        """Return the next header that is not a zero block; None at two zero blocks or at the end of the stream."""
        zeros = 0
        while True:
            header = self._buffer[self._at : self._at + BLOCK]
            if len(header) < BLOCK:
                header = self._across(BLOCK)
                if not header:
                    self._is_marked = zeros > 0
                    return None
            else:
                self._at += BLOCK
            if header[0] or header != _ZERO:
                break
            zeros += 1
            if zeros == 2:
                return None
        try:
            headers.check(header)
        except HeaderError as error:
            reason = "the bytes are not a tar archive" if offset == 0 else f"the tar header is damaged: {error}"
            raise DamageError(reason, offset, "save or pull the image again") from error
        return header

    def _size(self, header: bytes, flag: bytes, extension: dict[bytes, bytes]) -> int:
        written = extension.get(b"size") if extension and flag not in _EXTENSIONS else None
        if written is None:
            try:
                size = int(header[124:135], 8)
            except ValueError:
                size = headers.number(header[124:136])
        elif written.isdigit() and len(written) < 20:
            size = int(written)
        else:
            raise HeaderError("the pax size is not a number")
        if size < 0:
            raise HeaderError("the size is negative")
        return size

    def _extend(self, flag: bytes, size: int, extension: dict[bytes, bytes]) -> None:
        """Take in a header that speaks of the next member: pax `x`, GNU `L` and `K`.

        A global one (`g`) is passed over, as Go's archive/tar does, by which container engines unpack layers: whoever
        heeded it would see other names than the container does.
        """
        self._left, self._padding = size, -size % BLOCK
        if flag == b"g":
            return
        data = bytes(self._take(size))
        if flag == b"L":
            extension[b"path"] = data.split(b"\0", 1)[0]
        elif flag == b"K":
            extension[_PAX_LINK] = data.split(b"\0", 1)[0]
        else:
            extension.update(headers.pax_records(data))

    def _entry(self, header: bytes, flag: bytes, size: int, extension: dict[bytes, bytes], offset: int) -> Entry | None:
        link = b""
        kind: Kind = _KINDS.get(flag, "other")
        if extension:
            name = extension.get(b"GNU.sparse.name") or extension.get(b"path") or headers.name(header)
            if kind in {"symlink", "hardlink"}:
                link = extension.get(_PAX_LINK) or headers.link(header)
            if kind == "file" and (
                b"GNU.sparse.major" in extension or b"GNU.sparse.map" in extension or b"GNU.sparse.size" in extension
            ):
                kind = "sparse"
        else:
            name = headers.name(header)
            if kind in {"symlink", "hardlink"}:
                link = headers.link(header)
        text = name.decode("utf-8", "surrogateescape")
        if kind == "file" and text[-1:] == "/":
            kind = "folder"
        path = normalise(text)
        target = link.decode("utf-8", "surrogateescape")
        if kind == "hardlink":
            target = normalise(target) or ""
        if path is None or len(name) > self._limits.path_length or len(link) > self._limits.path_length:
            self._pass_over(text, offset, escapes=path is None)
            return None
        mode = headers.COMMON_MODES.get(header[100:108])
        if mode is None:
            mode = headers.number(header[100:108]) & 0o7777
        return Entry(path, kind, mode, size, target, offset)

    def _pass_over(self, name: str, offset: int, *, escapes: bool) -> None:
        shown = name[:200].encode("utf-8", "backslashreplace").decode()
        why = "leads out of the image's root" if escapes else f"is longer than {self._limits.path_length} bytes"
        if len(self._unknowns) < 100:
            reason = f"the name `{shown}` at byte {offset} {why}; the member was passed over"
            self._unknowns.append(Unknown(subject=self._subject, reason=reason, incomplete=not escapes))

    def _skip_sparse_maps(self, offset: int) -> None:
        """Pass the further blocks of an old GNU sparse map; each says at 504 whether another follows."""
        for _ in range(self._limits.header_bytes // BLOCK):
            block = self._buffer[self._at : self._at + BLOCK]
            if len(block) < BLOCK:
                block = self._across(BLOCK)
            else:
                self._at += BLOCK
            if len(block) < BLOCK or not block[504]:
                return
        raise DamageError("a sparse map does not end", offset)

    def _skip_body(self) -> None:
        rest = self._left + self._padding
        self._left = self._padding = 0
        self._at += rest
        if self._at > len(self._buffer):
            self._at -= rest
            self._pass(rest, within_body=False)

    def _drain(self) -> None:
        """Read to the end, so that damage behind the last member is noticed and all bytes are hashed."""
        while self._chunks.must_end and self._chunks.next():
            pass
