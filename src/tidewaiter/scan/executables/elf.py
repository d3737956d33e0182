"""ELF (System V ABI, chapters 4 and 5): 32 and 64 bit, both byte orders."""

import struct
from typing import Final, NamedTuple

from tidewaiter.scan.executables.layout import SECTIONS, Executable, ExecutableError, Section, Segment, clipped, name_of

MAGIC: Final = b"\x7fELF"
_NOBITS: Final = 8
_LOAD: Final = 1
_WRITE: Final = 2
_NAMES: Final = 1 << 20
"""Bytes of the table of section names that are read."""
_EXTENDED: Final = 0xFFFF


class _Form(NamedTuple):
    header: struct.Struct
    """phoff, shoff, phentsize, phnum, shentsize, shnum, shstrndx."""
    header_at: int
    section: struct.Struct
    """name, type, address, offset, size, link."""
    segment: struct.Struct
    """type, flags, offset, address, size in the file; 32 bit keeps the flags at the end."""
    is_wide: bool


def _forms() -> dict[bytes, _Form]:
    forms = {}
    for order, mark in (("<", 1), (">", 2)):
        forms[bytes((2, mark))] = _Form(
            struct.Struct(f"{order}QQ6xHHHHH"),
            32,
            struct.Struct(f"{order}II8xQQQI"),
            struct.Struct(f"{order}IIQQ8xQ"),
            is_wide=True,
        )
        forms[bytes((1, mark))] = _Form(
            struct.Struct(f"{order}II6xHHHHH"),
            28,
            struct.Struct(f"{order}II4xIIII"),
            struct.Struct(f"{order}III4xI4xI"),
            is_wide=False,
        )
    return forms


_FORMS: Final = _forms()


class _Header(NamedTuple):
    form: _Form
    segments: int
    sections: int
    segment_size: int
    segment_count: int
    section_size: int
    section_count: int
    names: int
    """Index of the section that holds the names of sections."""


def read_elf(data: memoryview) -> Executable:
    """Return the parts of an ELF file; raise ExecutableError when its tables lie outside of it."""
    header = _header(data)
    return Executable(data, _sections(data, header), _segments(data, header))


def read_segments(data: memoryview) -> tuple[Segment, ...]:
    """Return the segments of an ELF file alone; raise ExecutableError when their table lies outside of it."""
    return _segments(data, _header(data))


def _sections(data: memoryview, header: _Header) -> tuple[Section, ...]:
    length = len(data)
    sections = []
    names = _names(data, header)
    for at in _places(header.sections, header.section_count, header.section_size, header.form.section.size, length):
        name, kind, _, start, size, _ = header.form.section.unpack_from(data, at)
        if kind != _NOBITS:
            sections.append(Section(name_of(names[name : name + 256]), *clipped(start, size, length)))
    return tuple(sections)


def _segments(data: memoryview, header: _Header) -> tuple[Segment, ...]:
    length = len(data)
    segments = []
    for at in _places(header.segments, header.segment_count, header.segment_size, header.form.segment.size, length):
        values = header.form.segment.unpack_from(data, at)
        kind, flags, start, address, size = values if header.form.is_wide else _narrow(values)
        if kind == _LOAD:
            segments.append(Segment(address, *clipped(start, size, length), is_writable=bool(flags & _WRITE)))
    return tuple(segments)


def lacks_section(data: memoryview, name: bytes) -> bool:
    """Return whether an ELF file surely has no section of this name, by its table of names alone.

    A cheap question before `read_elf`: most executables have none of the sections that are asked for.
    """
    if bytes(data[:4]) != MAGIC:
        return False
    try:
        header = _header(data)
        return not header.section_count or b"\0" + name + b"\0" not in _names(data, header)
    except ExecutableError:
        return False


def _header(data: memoryview) -> _Header:
    form = _FORMS.get(bytes(data[4:6]))
    if form is None or len(data) < form.header_at + form.header.size:
        raise ExecutableError("its ELF header is cut off or of no known class")
    segments, sections, segment_size, segment_count, section_size, count, names = form.header.unpack_from(
        data, form.header_at
    )
    if sections and section_size >= form.section.size and sections + section_size <= len(data):
        _, _, _, _, size, link = form.section.unpack_from(data, sections)
        count = count or size
        names = link if names == _EXTENDED else names
    return _Header(form, segments, sections, segment_size, segment_count, section_size, count if sections else 0, names)


def _names(data: memoryview, header: _Header) -> bytes:
    """Return the table of section names, empty when there are no sections."""
    if not header.section_count:
        return b""
    at = header.sections + header.names * header.section_size
    if header.names >= header.section_count or at + header.form.section.size > len(data):
        raise ExecutableError("its section table lies outside the file, so its end is cut off")
    _, _, _, start, size, _ = header.form.section.unpack_from(data, at)
    start, size = clipped(start, min(size, _NAMES), len(data))
    return bytes(data[start : start + size])


def _places(start: int, count: int, step: int, size: int, length: int) -> range:
    if not count or not start:
        return range(0)
    if count > SECTIONS or step < size or start + (count - 1) * step + size > length:
        raise ExecutableError("its section or segment table lies outside the file, so its end is cut off")
    return range(start, start + count * step, step)


def _narrow(values: tuple[int, ...]) -> tuple[int, int, int, int, int]:
    kind, start, address, size, flags = values
    return kind, flags, start, address, size
