"""The ndb form (rpm: lib/backend/ndb/rpmpkg.c): pages of slots that point to blobs, all little-endian."""

import struct
from typing import Final

from tidewaiter.scan.rpm.blobs import Blobs

_MAGIC: Final = b"RpmP"
_HEADER: Final = struct.Struct("<4s3I")
_SLOT: Final = struct.Struct("<4s3I")
_BLOB: Final = struct.Struct("<4s3I")
_PAGE: Final = 4096
_BLOCK: Final = 16
_FIRST_SLOT: Final = 32
_MOST_PAGES: Final = 2048


def is_ndb(data: bytes) -> bool:
    """Return whether the file starts as an ndb database does."""
    return data.startswith(_MAGIC)


def read_ndb(data: bytes) -> Blobs:
    """Return the header blobs in the order of their package numbers."""
    blobs = Blobs()
    if len(data) < _FIRST_SLOT:
        blobs.note(f"the database is cut off: it has {len(data)} bytes, less than its header")
        return blobs
    _, version, _, pages = _HEADER.unpack_from(data)
    if version:
        blobs.note(f"version {version} of the ndb format is not known")
        return blobs
    if not 0 < pages <= _MOST_PAGES:
        blobs.note(f"the database states {pages} pages of slots; 1 to {_MOST_PAGES} are read")
        return blobs
    end = pages * _PAGE
    if end > len(data):
        blobs.note(f"the database is cut off: its slots end at byte {end}, the file at {len(data)}")
        end = len(data) // _SLOT.size * _SLOT.size
    _read_slots(data, end, blobs)
    blobs.headers.sort(key=lambda numbered: numbered[0])
    return blobs


def _read_slots(data: bytes, end: int, blobs: Blobs) -> None:
    room = len(data)
    seen: set[int] = set()
    for magic, index, offset, count in _SLOT.iter_unpack(memoryview(data)[_FIRST_SLOT:end]):
        if magic != b"Slot":
            blobs.note("a slot has no mark of one")
            continue
        if not index or not offset:
            continue
        if index in seen:
            blobs.note(f"package {index} stands in two slots")
            continue
        seen.add(index)
        header = _blob(data, index, offset * _BLOCK, count * _BLOCK, blobs)
        room -= len(header)
        if room < 0:
            blobs.note("the packages state more bytes than the file has")
            return
        if header:
            blobs.headers.append((index, header))


def _blob(data: bytes, index: int, start: int, size: int, blobs: Blobs) -> bytes:
    """Return the header at `start`; empty with a note when slot and blob disagree or the file ends before."""
    if start + _BLOB.size > len(data):
        blobs.note(f"package {index} lies beyond the end of the file")
        return b""
    magic, owner, _, length = _BLOB.unpack_from(data, start)
    if magic != b"BlbS" or owner != index:
        blobs.note(f"the slot of package {index} points to something else")
        return b""
    begin = start + _BLOB.size
    if begin + length > len(data) or _BLOB.size + length > size:
        blobs.note(f"package {index} is cut off or longer than its slot says")
        return b""
    return data[begin : begin + length]
