"""The texts in the constant pool of a class file (JVM specification, chapter 4.4)."""

import struct
from typing import Final

_MAGIC: Final = b"\xca\xfe\xba\xbe"
_UTF8: Final = 1
_WIDE: Final = frozenset({5, 6})
_SIZES: Final = {
    3: 4,
    4: 4,
    5: 8,
    6: 8,
    7: 2,
    8: 2,
    9: 4,
    10: 4,
    11: 4,
    12: 4,
    15: 3,
    16: 2,
    17: 4,
    18: 4,
    19: 2,
    20: 2,
}
"""Bytes behind the tag of each kind of constant."""


def texts(data: bytes) -> set[bytes]:
    """Return every text constant; empty when the file is damaged or no class."""
    if data[:4] != _MAGIC or len(data) < 10:
        return set()
    (count,) = struct.unpack_from(">H", data, 8)
    found: set[bytes] = set()
    position, at = 10, 1
    while at < count:
        if position + 3 > len(data):
            return set()
        kind = data[position]
        if kind == _UTF8:
            length = int.from_bytes(data[position + 1 : position + 3], "big")
            found.add(data[position + 3 : position + 3 + length])
            position += 3 + length
        elif kind in _SIZES:
            position += 1 + _SIZES[kind]
        else:
            return set()
        at += 2 if kind in _WIDE else 1
    return found
