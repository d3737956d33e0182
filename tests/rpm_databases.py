"""Writes small rpm databases in all forms, from the formats' descriptions and not with the product's code."""

import sqlite3
import struct
from collections.abc import Sequence
from typing import Any

Tags = dict[int, Any]
"""Tag -> text, list of texts, number, list of numbers, or bytes."""


def header(tags: Tags, *, dribble: Tags | None = None) -> bytes:
    """Return a header blob; `dribble` adds a second entry of some tags behind the others."""
    entries, store = b"", b""
    for tag, value in [*tags.items(), *(dribble or {}).items()]:
        kind, count, body, align = _encoded(value)
        store += b"\0" * (-len(store) % align)
        entries += struct.pack(">4I", tag, kind, len(store), count)
        store += body
    return struct.pack(">2I", len(entries) // 16, len(store)) + entries + store


def _encoded(value: Any) -> tuple[int, int, bytes, int]:
    if isinstance(value, str):
        return 6, 1, value.encode() + b"\0", 1
    if isinstance(value, bytes):
        return 7, len(value), value, 1
    numbers = [value] if isinstance(value, int) else value
    if all(isinstance(number, int) for number in numbers):
        return 4, len(numbers), struct.pack(f">{len(numbers)}I", *numbers), 4
    return 8, len(value), b"".join(text.encode() + b"\0" for text in value), 1


def package(name: str, version: str, release: str, files: Sequence[str] = (), **more: Any) -> bytes:
    """Return the header of a package; `more` are epoch, vendor, licence, arch, source and module."""
    numbers = {"epoch": 1003, "vendor": 1011, "licence": 1014, "arch": 1022, "source": 1044, "module": 5096}
    tags: Tags = {1000: name, 1001: version, 1002: release}
    tags.update({numbers[word]: value for word, value in more.items()})
    if files:
        folders = sorted({path.rpartition("/")[0] + "/" for path in files})
        tags[1116] = [folders.index(path.rpartition("/")[0] + "/") for path in files]
        tags[1117] = [path.rpartition("/")[2] for path in files]
        tags[1118] = folders
    return header(tags)


def sqlite(headers: Sequence[bytes], *, page: int = 512) -> bytes:
    """Return a database as sqlite itself writes it."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"PRAGMA page_size = {page}")
    connection.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
    connection.executemany("INSERT INTO Packages (blob) VALUES (?)", [(blob,) for blob in headers])
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


def ndb(headers: Sequence[bytes]) -> bytes:
    """Return an ndb database of one page of slots."""
    slots, blobs = b"", b""
    for index, blob in enumerate(headers, 1):
        body = struct.pack("<4s3I", b"BlbS", index, 0, len(blob)) + blob
        body += b"\0" * (-(len(body) + 12) % 16) + struct.pack("<2I4s", 0, len(blob), b"BlbE")
        slots += struct.pack("<4s3I", b"Slot", index, (4096 + len(blobs)) // 16, len(body) // 16)
        blobs += body
    slots += struct.pack("<4s3I", b"Slot", 0, 0, 0) * (254 - len(headers))
    return struct.pack("<4s7I", b"RpmP", 0, 1, 1, len(headers) + 1, 0, 0, 0) + slots + blobs


def bdb(headers: Sequence[bytes], *, order: str = "<", page: int = 512, kind: int = 13, inline: int = 0) -> bytes:
    """Return a hash file: meta page, one hash page, a chain of overflow pages for each header.

    Headers up to `inline` bytes stand on the hash page itself.
    """
    items = [b"\1" + bytes(4), b"\1" + struct.pack(f"{order}I", len(headers))]
    chains: list[bytes] = []
    for number, blob in enumerate(headers, 1):
        items.append(b"\1" + struct.pack(f"{order}I", number))
        if len(blob) <= inline:
            items.append(b"\1" + blob)
            continue
        first = 2 + len(chains)
        parts = [blob[at : at + page - 26] for at in range(0, len(blob), page - 26)]
        for at, part in enumerate(parts):
            following = first + at + 1 if at + 1 < len(parts) else 0
            used = len(part)
            head = struct.pack(f"{order}8x3I2HBB", first + at, 0, following, 1, used, 0, 7)
            chains.append((head + part).ljust(page, b"\0"))
        items.append(struct.pack(f"{order}B3x2I", 3, first, len(blob)))
    offsets, body = [], b""
    for item in items:
        body = item + body
        offsets.append(page - len(body))
    head = struct.pack(f"{order}8x3I2HBB", 1, 0, 0, len(items), offsets[-1], 0, kind)
    head += struct.pack(f"{order}{len(offsets)}H", *offsets)
    hashes = head + bytes(page - len(head) - len(body)) + body
    meta = struct.pack(f"{order}8x4I3BxI2I", 0, 0x061561, 9, page, 0, 8, 0, 0, 1 + len(chains), 0)
    return meta.ljust(page, b"\0") + hashes + b"".join(chains)
