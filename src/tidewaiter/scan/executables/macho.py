"""Mach-O executables (Apple: mach-o/loader.h, mach-o/fat.h), 32 and 64 bit, both byte orders, and universal files."""

import struct
from typing import Final

from tidewaiter.scan.executables.layout import SECTIONS, Executable, ExecutableError, Section, Segment, clipped, name_of

FAT: Final = b"\xca\xfe\xba\xbe"
_KINDS: Final = {
    b"\xcf\xfa\xed\xfe": ("<", True),
    b"\xfe\xed\xfa\xcf": (">", True),
    b"\xce\xfa\xed\xfe": ("<", False),
    b"\xfe\xed\xfa\xce": (">", False),
}
MAGICS: Final = (*_KINDS, FAT)
_SEGMENT: Final = 0x1
_SEGMENT_64: Final = 0x19
_WRITE: Final = 2
_PROGRAMS: Final = 16
"""Programs in one universal file; a Java class, which begins alike, claims more."""


def read_macho(data: memoryview) -> Executable | None:
    """Return the parts of a Mach-O file, of the first program in a universal one; None for other files, ExecutableError."""
    if bytes(data[:4]) == FAT:
        first = _first_program(data)
        return read_macho(first) if first is not None else None
    kind = _KINDS.get(bytes(data[:4]))
    if kind is None:
        return None
    order, is_wide = kind
    header = 32 if is_wide else 28
    if len(data) < header:
        raise ExecutableError("its Mach-O header is cut off")
    count, size = struct.unpack_from(f"{order}II", data, 16)
    end = header + size
    if count > SECTIONS or end > len(data):
        raise ExecutableError("its load commands lie outside the file, so its end is cut off")
    sections: list[Section] = []
    segments: list[Segment] = []
    at = header
    for _ in range(count):
        if at + 8 > end:
            break
        command, length = struct.unpack_from(f"{order}II", data, at)
        if length < 8 or at + length > end:
            raise ExecutableError("a load command is longer than all of them")
        if command in {_SEGMENT, _SEGMENT_64}:
            _segment(data, at, length, order, sections, segments, is_wide=command == _SEGMENT_64)
        at += length
    return Executable(data, tuple(sections), tuple(segments))


def _first_program(data: memoryview) -> memoryview | None:
    if len(data) < 28:
        return None
    count, _, _, start, size = struct.unpack_from(">5I", data, 4)
    if not 0 < count <= _PROGRAMS or start < 28 or bytes(data[start : start + 4]) not in _KINDS:
        return None
    return data[start : start + size]


def _segment(
    data: memoryview,
    at: int,
    length: int,
    order: str,
    sections: list[Section],
    segments: list[Segment],
    *,
    is_wide: bool,
) -> None:
    form = struct.Struct(f"{order}8x16sQQQQiiI4x" if is_wide else f"{order}8x16sIIIIiiI4x")
    inner = struct.Struct(f"{order}16s16sQQI28x" if is_wide else f"{order}16s16sIII24x")
    if length < form.size:
        raise ExecutableError("a segment command is cut off")
    _, address, _, start, size, _, protection, count = form.unpack_from(data, at)
    segments.append(Segment(address, *clipped(start, size, len(data)), is_writable=bool(protection & _WRITE)))
    for index in range(min(count, (length - form.size) // inner.size)):
        name, _, _, inner_size, place = inner.unpack_from(data, at + form.size + index * inner.size)
        sections.append(Section(name_of(name), *clipped(place, inner_size, len(data))))
