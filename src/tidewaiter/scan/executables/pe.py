"""PE executables (Microsoft: PE format), as far as sections go."""

import struct
from typing import Final

from tidewaiter.scan.executables.layout import Executable, ExecutableError, Section, Segment, clipped, name_of

MAGIC: Final = b"MZ"
_WIDE: Final = 0x20B
_NARROW: Final = 0x10B
_WRITE: Final = 0x80000000
_SECTION: Final = struct.Struct("<8sIIII12xI")


def read_pe(data: memoryview) -> Executable | None:
    """Return the parts of a PE file, None for a DOS program or other file that begins with `MZ`; ExecutableError."""
    length = len(data)
    if length < 64:
        return None
    (start,) = struct.unpack_from("<I", data, 60)
    if start + 28 > length or bytes(data[start : start + 4]) != b"PE\0\0":
        return None
    count, optional = struct.unpack_from("<2xH12xH", data, start + 4)
    (kind,) = struct.unpack_from("<H", data, start + 24)
    if kind not in {_WIDE, _NARROW} or start + 24 + optional + count * 40 > length:
        raise ExecutableError("its section table lies outside the file, so its end is cut off")
    if optional < 32:
        raise ExecutableError("its optional header is too short")
    base = (
        struct.unpack_from("<Q", data, start + 48)[0]
        if kind == _WIDE
        else struct.unpack_from("<I", data, start + 52)[0]
    )
    sections, segments = [], []
    for at in range(start + 24 + optional, start + 24 + optional + count * 40, 40):
        name, memory, address, size, place, flags = _SECTION.unpack_from(data, at)
        piece = clipped(place, min(size, memory) if memory else size, length)
        sections.append(Section(name_of(name), *piece))
        segments.append(Segment(base + address, *piece, is_writable=bool(flags & _WRITE)))
    return Executable(data, tuple(sections), tuple(segments))
