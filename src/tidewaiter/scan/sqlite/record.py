"""Records of a SQLite table (sqlite.org: fileformat2, section 2.1): a header of types, then the values."""

import struct
from typing import Final

Value = int | float | str | bytes | None

_WIDTHS: Final = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
_FLOAT: Final = 7
_RESERVED: Final = (10, 11)


def varint(data: bytes | memoryview, offset: int) -> tuple[int, int]:
    """Return the unsigned number at `offset` and the offset behind it; IndexError beyond the end."""
    value = 0
    for place in range(offset, offset + 8):
        byte = data[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    return value << 8 | data[offset + 8], offset + 9


def read_record(data: bytes, encoding: str) -> tuple[Value, ...]:
    """Return the values of one record; ValueError when it is shorter than it says."""
    try:
        end, offset = varint(data, 0)
        place = end
        values: list[Value] = []
        while offset < end:
            kind, offset = varint(data, offset)
            value, place = _value(data, kind, place, encoding)
            values.append(value)
    except IndexError:
        raise ValueError("the record ends in the middle of its header") from None
    return tuple(values)


def _value(data: bytes, kind: int, place: int, encoding: str) -> tuple[Value, int]:
    if kind in _RESERVED:
        raise ValueError(f"the record holds a value of the reserved kind {kind}")
    width = _WIDTHS[kind] if kind < len(_WIDTHS) else (kind - 12) // 2
    if place + width > len(data):
        raise ValueError(f"the record has {len(data)} bytes and a value that ends at {place + width}")
    body = data[place : place + width]
    end = place + width
    if kind >= len(_WIDTHS):
        return (body.decode(encoding, "replace") if kind % 2 else body), end
    if kind == 0:
        return None, end
    if kind == _FLOAT:
        return struct.unpack(">d", body)[0], end
    if not width:
        return kind - 8, end
    return int.from_bytes(body, "big", signed=True), end
