"""Where sections and segments of executables lie."""

import struct
from itertools import product

import pytest

from binaries import BASE, elf, macho, pe, universal
from tidewaiter.scan.executables import ExecutableError, lacks_section, read_executable, read_segments

SECTIONS = {".text": b"code" * 9, ".data": b"data" * 5}
ELVES = [elf(SECTIONS, wide=wide, big=big) for wide, big in product((True, False), repeat=2)]
OTHERS = [
    pe(SECTIONS),
    pe(SECTIONS, wide=False),
    universal(macho(SECTIONS)),
    *(macho(SECTIONS, wide=wide, big=big) for wide, big in product((True, False), repeat=2)),
]


@pytest.mark.parametrize("data", [*ELVES, *OTHERS])
def test_sections(data: bytes):
    """Every class and byte order of every format gives the same sections, also by their address."""
    found = read_executable(memoryview(data))
    assert found is not None
    assert SECTIONS == {name: bytes(found.section(name) or b"") for name in SECTIONS}
    assert [b"data" * 5] == [bytes(one) for one in found.named(".data")]
    assert found.section(".bss") is None
    assert found.segments[0].is_writable
    first = found.segments[0]
    assert bytes(found.at(first.address + 1, 3) or b"") == bytes(found.data[first.start + 1 : first.start + 4])
    assert found.at(first.address - 1, 3) is None
    assert found.at(BASE + 0xFFFFFF, 3) is None


@pytest.mark.parametrize("data", ELVES)
def test_lacks_section(data: bytes):
    """The table of names alone tells that a section is missing; other formats are never answered for."""
    view = memoryview(data)
    assert not lacks_section(view, b".data")
    assert lacks_section(view, b".dat")
    assert lacks_section(view, b".bss")
    assert not lacks_section(memoryview(pe(SECTIONS)), b".bss")
    assert not lacks_section(view[:80], b".data")


def test_without_a_section_table():
    """Segments are enough."""
    view = memoryview(elf(SECTIONS, with_table=False))
    assert lacks_section(view, b".data")
    found = read_executable(view)
    assert found is not None
    assert found.sections == ()
    assert found.segments == read_segments(view)


def test_many_sections_are_counted_in_the_first_one():
    """A count of 0 and an index of 0xFFFF stand for the numbers in section 0 (System V ABI, extended numbering)."""
    data = bytearray(elf(SECTIONS))
    table, count = struct.unpack_from("<Q", data, 40)[0], struct.unpack_from("<H", data, 60)[0]
    struct.pack_into("<HH", data, 60, 0, 0xFFFF)
    struct.pack_into("<Q", data, table + 32, count)
    struct.pack_into("<I", data, table + 40, count - 1)
    found = read_executable(memoryview(bytes(data)))
    assert found is not None
    assert bytes(found.section(".data") or b"") == b"data" * 5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"#!/bin/sh\n",
        b"MZ",
        b"MZ" + bytes(62),
        b"MZ" + bytes(100),
        b"\xca\xfe\xba\xbe",
        b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(100),
        b"\xca\xfe\xba\xbe\0\0\0\x01" + bytes(100),
    ],
)
def test_other_files(data: bytes):
    """DOS programs, Java classes and scripts are nothing to read, and no damage."""
    assert read_executable(memoryview(data)) is None


def changed(data: bytes, position: int, form: str, *values: int) -> bytes:
    """Return a file with some numbers changed."""
    copy = bytearray(data)
    struct.pack_into(form, copy, position, *values)
    return bytes(copy)


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF",
        b"\x7fELF\x03\x01" + bytes(100),
        ELVES[1][:200],
        changed(ELVES[1], 60, "<H", 60000),
        changed(ELVES[1], 58, "<H", 3),
        changed(ELVES[1], 62, "<H", 900),
        changed(ELVES[1], 56, "<H", 60000),
        changed(OTHERS[0], 64 + 6, "<H", 60000),
        changed(OTHERS[0], 64 + 24, "<H", 7),
        changed(OTHERS[0], 64 + 20, "<H", 8),
        OTHERS[4][:20],
        changed(OTHERS[4], 20, "<I", 1 << 30),
        changed(OTHERS[4], 36, "<I", 4),
        changed(OTHERS[4], 36, "<I", 1 << 20),
        changed(OTHERS[4], 32, "<II", 0x19, 16),
    ],
)
def test_damage(data: bytes):
    """Tables outside the file and impossible counts are told."""
    with pytest.raises(ExecutableError):
        read_executable(memoryview(data))


def test_fewer_commands_than_counted():
    """Load commands end where their size says."""
    found = read_executable(memoryview(changed(OTHERS[4], 16, "<I", 5)))
    assert found is not None
    assert len(found.sections) == 2
