"""Zip archives in memory: what is read, what is refused."""

import io
import struct
import zipfile
import zlib

import pytest

from tidewaiter.scan.zip_archive import Budget, Member, Reader, ZipError, bounds, read_directory
from tidewaiter.scan.zip_archive import directory as directory_module

BIG = 1 << 20


def made(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    """Return an archive of the standard library's making."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        file.comment = comment
        for name, body in members.items():
            file.writestr(name, body)
    return out.getvalue()


def contents(data: bytes, budget: Budget | None = None) -> dict[bytes, bytes]:
    """Return name and body of every member."""
    budget = budget or Budget()
    view = memoryview(data)
    directory = read_directory(view, lambda _: True, budget)
    reader = Reader(view, directory, budget)
    return {member.name: bytes(reader.read(member, BIG)) for member in directory.members}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("prefix", [b"", b"#!/bin/sh\nexec java -jar $0\n"])
@pytest.mark.parametrize("comment", [b"", b"a comment with PK\5\6 in it and more text behind it"])
def test_members(method: int, prefix: bytes, comment: bytes):
    """Stored and deflated members are read, behind a script too, and before a comment that looks like an end."""
    data = prefix + made({"a.txt": b"a" * 500, "b/c": b""}, method=method, comment=comment)
    assert {b"a.txt": b"a" * 500, b"b/c": b""} == contents(data)


def test_adjusted_prefix():
    """Offsets that already count the prefix are as good."""
    out = io.BytesIO(b"#!/bin/sh\n")
    out.seek(0, 2)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("a", b"body")
    assert {b"a": b"body"} == contents(out.getvalue())


def test_zip64():
    """An archive with 64-bit records is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file, file.open("a", "w", force_zip64=True) as member:
        member.write(b"body")
    data = bytearray(out.getvalue())
    start = data.rindex(b"PK\5\6")
    _, _, _, _, count, size, offset, _ = struct.unpack_from("<4sHHHHIIH", data, start)
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert {b"a": b"body"} == contents(bytes(data[:start]) + wide + locator + end)


def test_wide_sizes_stand_in_the_extra_field():
    """A size that is full in the entry is taken from the zip64 extra field."""
    data = bytearray(made({"a": b"body"}, method=zipfile.ZIP_STORED))
    at = data.index(b"PK\1\2")
    struct.pack_into("<II", data, at + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", data, at + 30, 20)
    extra = struct.pack("<HHQQ", 1, 16, 4, 4)
    data[at + 47 : at + 47] = extra
    end = data.rindex(b"PK\5\6")
    struct.pack_into("<I", data, end + 12, end - at)
    assert {b"a": b"body"} == contents(bytes(data))


def patched(position: int, form: str, *values: int, record: bytes = b"PK\1\2", base: bytes = b"") -> bytes:
    """Return an archive with numbers of its last such record changed."""
    data = bytearray(base or made({"a": b"a" * 500, "b": b"b"}))
    struct.pack_into(form, data, data.rindex(record) + position, *values)
    return bytes(data)


STORED = made({"a": b"a" * 500, "b": b"b"}, method=zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no zip directory"),
        (b"PK\5\6", "no zip directory"),
        (made({"a": b""})[:-1], "no zip directory"),
        (patched(12, "<I", 9999, record=b"PK\5\6"), "lies outside the file"),
        (patched(16, "<I", 9999, record=b"PK\5\6"), "lies outside the file"),
        (patched(12, "<II", 30, 5, record=b"PK\5\6"), "is not where its end says"),
        (patched(8, "<H", 1), "encrypted"),
        (patched(10, "<H", 12), "packed by method 12"),
        (patched(16, "<I", 1), "checksum is wrong"),
        (patched(24, "<I", 2), "declared size is not what comes out"),
        (patched(24, "<I", 0), "declared size is not what comes out"),
        (patched(24, "<I", 1 << 30), "more than the 1048576 that are read"),
        (patched(24, "<I", 2, base=STORED), "declared size is not the stored one"),
        (patched(20, "<I", 5000), "lies outside the archive"),
        (patched(42, "<I", 5000), "lies outside"),
        (patched(42, "<I", 0), "does not fit the directory"),
        (patched(28, "<H", 100, record=b"PK\3\4"), "lies outside the archive"),
    ],
)
def test_damage(data: bytes, reason: str):
    """Each lie of an archive is named."""
    with pytest.raises(ZipError) as caught:
        contents(data)
    assert reason in str(caught.value)


def test_cut_directory():
    """Entries before the damage are kept, and the damage is told."""
    directory = read_directory(memoryview(patched(0, "<I", 0)), lambda _: True, Budget())
    assert [b"a"] == [member.name for member in directory.members]
    assert directory.problem == "its directory is damaged after entry 1 of 2"


def test_end_of_a_member_is_not_the_end():
    """An archive cut right behind a stored archive in it is not taken for that one."""
    whole = made({"inner.jar": made({"a": b""}), "b": b"b"}, method=zipfile.ZIP_STORED)
    cut = whole[: whole.index(b"PK\5\6") + 22]
    assert "the end is cut off" in read_directory(memoryview(cut), lambda _: True, Budget()).problem


def test_overlap():
    """Two members that share bytes are a bomb; the same member twice is not."""
    data = made({"a": b"a" * 500}, method=zipfile.ZIP_STORED)
    view = memoryview(data)
    directory = read_directory(view, lambda _: True, Budget())
    reader = Reader(view, directory, Budget())
    (member,) = directory.members
    assert bytes(reader.read(member, BIG)) == bytes(reader.read(member, BIG))
    with pytest.raises(ZipError, match="overlaps"):
        reader.read(member._replace(stored=member.stored - 1), BIG)


def test_names_with_no_room_for_a_local_header():
    """An offset just before the directory is refused."""
    data = made({"a": b""})
    view = memoryview(data)
    directory = read_directory(view, lambda _: True, Budget())
    with pytest.raises(ZipError, match="outside"):
        Reader(view, directory, Budget()).read(Member(b"a", 0, 0, 0, 0, 0, directory.start - 4), BIG)


def test_bounds():
    """Entries and inflated bytes are paid for."""
    data = made({"a": b"a" * 500, "b": b"b"})
    with pytest.raises(ZipError, match="more than"):
        contents(data, Budget(entries=1))
    with pytest.raises(ZipError, match="more than"):
        contents(data, Budget(inflated=100))
    with pytest.raises(ZipError, match=str(bounds.ENTRIES)):
        Budget().take_entries(bounds.ENTRIES + 1)


def test_hidden_entries_are_paid_for():
    """More entries than the end of the archive admits cost as much."""
    data = patched(10, "<H", 1, record=b"PK\5\6")
    assert {b"a", b"b"} == set(contents(data))
    with pytest.raises(ZipError, match="more than"):
        contents(data, Budget(entries=1))


def test_bomb_stops_at_its_declared_size():
    """What inflates to more than it declares is not inflated further."""
    body = zlib.compress(bytes(50 << 20), 9)[2:-4]
    data = bytearray(made({"a": b"x"}, method=zipfile.ZIP_STORED))
    local, at = data.index(b"PK\3\4"), data.index(b"PK\1\2")
    entry, end = bytes(data[at : data.index(b"PK\5\6")]), bytes(data[data.index(b"PK\5\6") :])
    head = bytes(data[local : local + 31])
    entry = entry[:10] + struct.pack("<H", 8) + entry[12:20] + struct.pack("<II", len(body), 1000) + entry[28:]
    end = end[:16] + struct.pack("<I", len(head) + len(body)) + end[20:]
    with pytest.raises(ZipError, match="declared size"):
        contents(head + body + entry + end)


def test_directory_is_bounded(monkeypatch: pytest.MonkeyPatch):
    """A directory of many bytes is not read."""
    monkeypatch.setattr(directory_module, "DIRECTORY", 20)
    with pytest.raises(ZipError, match="its directory has"):
        contents(made({"a": b""}))


def test_name_that_leaves_the_directory():
    """An entry whose name runs out of the directory is not read."""
    directory = read_directory(memoryview(patched(28, "<H", 5000)), lambda _: True, Budget())
    assert "damaged after entry 1 of 2" in directory.problem


@pytest.mark.parametrize("before", [b"", bytes(40)])
def test_full_numbers_without_zip64(before: bytes):
    """Numbers that announce 64-bit records are taken as they are when there are none."""
    with pytest.raises(ZipError, match="outside"):
        contents(before + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0, 0))


def test_locator_to_nowhere():
    """A locator whose record is not where it says is as none."""
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, 5, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0, 0)
    with pytest.raises(ZipError, match="outside"):
        contents(bytes(100) + locator + end)


@pytest.mark.parametrize("extra", [b"", struct.pack("<HHI", 7, 4, 1), struct.pack("<HH", 1, 0)])
def test_full_size_without_an_extra_field(extra: bytes):
    """A size that is full and stands nowhere else is too large."""
    data = bytearray(made({"a": b"body"}, method=zipfile.ZIP_STORED))
    at = data.index(b"PK\1\2")
    struct.pack_into("<I", data, at + 24, 0xFFFFFFFF)
    struct.pack_into("<H", data, at + 30, len(extra))
    data[at + 47 : at + 47] = extra
    struct.pack_into("<I", data, data.rindex(b"PK\5\6") + 12, data.rindex(b"PK\5\6") - at)
    with pytest.raises(ZipError, match="more than"):
        contents(bytes(data))


def test_broken_deflate():
    """A body that is no deflate stream is told."""
    data = made({"a": b"abc" * 50})
    at = data.index(b"PK\3\4") + 31
    with pytest.raises(ZipError, match="cannot be inflated"):
        contents(data[:at] + b"\xff" * 4 + data[at + 4 :])
