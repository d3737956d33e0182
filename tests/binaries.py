"""Builds small executables for tests and cases: ELF files with named sections, in any class and byte order."""

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

GO_MAGIC = b"\xff Go buildinf:"
MARK = bytes(range(16))
BASE = 0x10000


def elf(
    sections: Mapping[str, bytes], *, wide: bool = True, big: bool = False, with_table: bool = True, pad: int = 0
) -> bytes:
    """Return an ELF file with one writable segment over the sections, which begin at address `BASE` + 64 + segment table.

    `with_table=False` leaves the section table out, as `sstrip` does.
    """
    order = ">" if big else "<"
    header, program, section = (64, 56, 64) if wide else (52, 32, 40)
    body = bytearray(pad)
    start = header + program
    start += -start % 16
    places = {}
    for name, content in sections.items():
        body += bytes(-len(body) % 16)
        places[name] = (start + len(body), len(content))
        body += content
    names = b"\0" + b"".join(name.encode() + b"\0" for name in sections) + b".shstrtab\0"
    names_at = start + len(body)
    body += names + bytes(-(names_at + len(names)) % 16)
    table_at = start + len(body)
    rows = [(0, 0, 0, 0, 0)]
    for name, (place, size) in places.items():
        rows.append((names.index(b"\0" + name.encode() + b"\0") + 1, 1, BASE + place, place, size))
    rows.append((names.index(b"\0.shstrtab\0") + 1, 3, 0, names_at, len(names)))
    count = len(rows)
    form = f"{order}IIQQQQIIQQ" if wide else f"{order}10I"
    table = b"".join(
        struct.pack(form, n, kind, 3, address, place, size, 0, 0, 16, 0) for n, kind, address, place, size in rows
    )
    if not with_table:
        table, table_at, count = b"", 0, 0
    ident = b"\x7fELF" + bytes((2 if wide else 1, 2 if big else 1, 1)) + bytes(9)
    address = "Q" if wide else "I"
    ident += struct.pack(
        f"{order}HHI3{address}I6H",
        2,
        62,
        1,
        0,
        header,
        table_at,
        0,
        header,
        program,
        1,
        section,
        count,
        max(0, count - 1),
    )
    length = start + len(body)
    if wide:
        segment = struct.pack(f"{order}IIQQQQQQ", 1, 6, 0, BASE, BASE, length, length, 4096)
    else:
        segment = struct.pack(f"{order}8I", 1, 0, BASE, BASE, length, length, 6, 4096)
    return (ident + segment).ljust(start, b"\0") + bytes(body) + table


def address_of(file: bytes, piece: bytes) -> int:
    """Return the address at which a piece of such a file is mapped."""
    return BASE + file.index(piece)


def varint(number: int) -> bytes:
    """Return an unsigned LEB128 number."""
    out = b""
    while number > 0x7F:
        out += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return out + bytes((number,))


def go_inline(version: str, lines: str) -> bytes:
    """Return the build information of Go 1.18 and later."""
    modules = MARK + lines.encode() + MARK if lines else b""
    head = GO_MAGIC + bytes((8, 2)) + bytes(16)
    return head + varint(len(version)) + version.encode() + varint(len(modules)) + modules


def go_pointers(version: str, lines: str, *, wide: bool = True, big: bool = False, with_table: bool = True) -> bytes:
    """Return an ELF file with the build information of Go before 1.18, which holds addresses."""
    order, size = (">" if big else "<"), (8 if wide else 4)
    word = "Q" if wide else "I"
    modules = MARK + lines.encode() + MARK

    def built(info: bytes, strings: bytes) -> bytes:
        return elf(
            {".go.buildinfo": info, ".data": strings, ".rodata": version.encode() + modules},
            wide=wide,
            big=big,
            with_table=with_table,
        )

    empty = GO_MAGIC + bytes((size, 1 if big else 0)) + bytes(2 * size)
    file = built(empty.ljust(32, b"\0"), bytes(4 * size))
    text = address_of(file, version.encode() + modules)
    strings = struct.pack(f"{order}4{word}", text, len(version), text + len(version), len(modules))
    data = (BASE + file.index(GO_MAGIC) + 32 + 15) & ~15
    info = empty[: -2 * size] + struct.pack(f"{order}2{word}", data, data + 2 * size)
    return built(info.ljust(32, b"\0"), strings)


def crates(value: Any) -> bytes:
    """Return the content of cargo-auditable's section."""
    return zlib.compress(json.dumps(value).encode())


def note(value: Any, *, big: bool = False) -> bytes:
    """Return an ELF note that names a package."""
    text = (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\0"
    head = struct.pack(f"{'>' if big else '<'}III", 4, len(text), 0xCAFE1A7E) + b"FDO\0"
    return head + text + bytes(-len(text) % 4)


def pe(sections: Mapping[str, bytes], *, wide: bool = True) -> bytes:
    """Return a PE file with writable sections, mapped at `BASE` from address 0x1000 on."""
    optional = (struct.pack("<H22xQ", 0x20B, BASE) if wide else struct.pack("<H26xI", 0x10B, BASE)).ljust(96, b"\0")
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, len(optional), 2) + optional
    place = len(head) + 40 * len(sections)
    place += -place % 16
    table, body, address = b"", b"", 0x1000
    for name, content in sections.items():
        start = place + len(body)
        table += struct.pack(
            "<8sIIIIIIHHI", name.encode(), len(content), address, len(content), start, 0, 0, 0, 0, 0xC0000040
        )
        body += content + bytes(-len(content) % 16)
        address += 0x1000
    return (head + table).ljust(place, b"\0") + body


def macho(sections: Mapping[str, bytes], *, wide: bool = True, big: bool = False) -> bytes:
    """Return a Mach-O file with one writable segment over the sections, mapped at `BASE`."""
    order = ">" if big else "<"
    header = 32 if wide else 28
    segment, inner = (72, 80) if wide else (56, 68)
    size = segment + inner * len(sections)
    start = header + size
    start += -start % 16
    rows, body = b"", b""
    for name, content in sections.items():
        form = f"{order}16s16sQQI28x" if wide else f"{order}16s16sIII24x"
        rows += struct.pack(form, name.encode(), b"__DATA", BASE + len(body), len(content), start + len(body))
        body += content + bytes(-len(content) % 16)
    magic = struct.pack(f"{order}I", 0xFEEDFACF if wide else 0xFEEDFACE)
    head = magic + struct.pack(f"{order}IIIIII", 0x01000007, 3, 2, 1, size, 0) + (bytes(4) if wide else b"")
    form = f"{order}II16sQQQQiiII" if wide else f"{order}II16sIIIIiiII"
    kind = 0x19 if wide else 0x1
    command = struct.pack(form, kind, size, b"__DATA", BASE, len(body), start, len(body), 3, 3, len(sections), 0)
    return (head + command + rows).ljust(start, b"\0") + body


def universal(program: bytes) -> bytes:
    """Return a universal Mach-O file with one program."""
    return (
        struct.pack(">4s7I", b"\xca\xfe\xba\xbe", 1, 0x01000007, 3, 4096, len(program), 12, 0).ljust(4096, b"\0")
        + program
    )
