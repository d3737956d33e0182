"""The three forms of the database: what they hold, and what damage does."""

import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rpm_databases as write
from tidewaiter.scan.rpm import Blobs, read_blobs

HEADERS = [
    write.package("one", "1", "1"),
    write.package("two", "2", "2", [f"/usr/bin/tool{number}" for number in range(150)], arch="noarch"),
    write.package("three", "3.0~rc1", "3", vendor="V" * 700),
]
SMALL = [write.package(name, "1", "1") for name in ("a", "b", "c")]


def little(headers: list[bytes]) -> bytes:
    """Return a hash file as x86 writes it."""
    return write.bdb(headers)


def big(headers: list[bytes]) -> bytes:
    """Return a hash file as s390x writes it, with the pages of an old library."""
    return write.bdb(headers, order=">", kind=2, page=1024)


FORMS = [write.sqlite, write.ndb, little, big]
forms = pytest.mark.parametrize("form", FORMS, ids=["sqlite", "ndb", "bdb", "bdb-big"])
Form = Callable[[list[bytes]], bytes]


@forms
def test_headers(form: Form):
    """Every form gives back the headers that were written, under their numbers."""
    assert Blobs(headers=list(enumerate(HEADERS, 1)), damage=[]) == read_blobs(form(HEADERS))


@forms
def test_no_headers(form: Form):
    """An empty database is no damage."""
    assert Blobs() == read_blobs(form([]))


@pytest.mark.parametrize("data", [b"", b"\0", b"RpmP", b"hello" * 100, b"SQLite format 3\0"])
def test_no_database(data: bytes):
    """What is no database is told."""
    blobs = read_blobs(data)
    assert [] == blobs.headers
    assert 1 == len(blobs.damage)


@forms
def test_truncated(form: Form):
    """A database that ends early gives whole headers only, and says that it is cut."""
    whole = form(HEADERS)
    for end in range(0, len(whole), 61):
        blobs = read_blobs(whole[:end])
        assert {blob for _, blob in blobs.headers} <= set(HEADERS)
        assert blobs.damage or len(blobs.headers) == len(HEADERS)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(FORMS), st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=10))
def test_mutations(form: Form, changes: list[tuple[int, int]]):
    """Changed bytes raise nothing, and no form gives more bytes than the file has."""
    body = bytearray(form(HEADERS))
    for place, value in changes:
        body[place % len(body)] = value
    blobs = read_blobs(bytes(body))
    assert sum(len(blob) for _, blob in blobs.headers) <= len(body)


def test_sqlite_without_the_table():
    """A SQLite file of something else is told."""
    data = write.sqlite(SMALL).replace(b"Packages", b"Baggages")
    assert ["it has no table `Packages`"] == read_blobs(data).damage


def test_sqlite_row_without_a_header():
    """A row that holds no bytes is told and the others stay."""
    data = write.sqlite([SMALL[0], "text", SMALL[1]])  # type: ignore[list-item] - what an attacker writes
    assert Blobs(headers=[(1, SMALL[0]), (3, SMALL[1])], damage=["row 2 holds no header"]) == read_blobs(data)


def test_bdb_value_on_the_page():
    """A header that is small enough to stand beside its key is read there."""
    assert list(enumerate(SMALL, 1)) == read_blobs(write.bdb(SMALL, inline=200)).headers


def test_bdb_loop():
    """A chain of pages that bites its tail ends, and the package is told as cut."""
    body = bytearray(write.bdb(HEADERS[1:2]))
    body[2 * 512 + 16 : 2 * 512 + 20] = struct.pack("<I", 2)
    blobs = read_blobs(bytes(body))
    assert [] == blobs.headers
    assert [f"package 1 is cut off: 486 of {len(HEADERS[1])} bytes"] == blobs.damage


def test_bdb_shared_pages():
    """Two packages cannot claim the same pages, by which a small file would grow."""
    body = bytearray(write.bdb(HEADERS[1:] * 1))
    first = body.index(struct.pack("<B3x2I", 3, 2, len(HEADERS[1])))
    second = body.index(struct.pack("<B3x2I", 3, 2 + -(-len(HEADERS[1]) // 486), len(HEADERS[2])))
    body[second : second + 12] = body[first : first + 12]
    blobs = read_blobs(bytes(body))
    assert 1 == len(blobs.headers)
    assert 1 == len(blobs.damage)


@pytest.mark.parametrize("size", [0, 500, 1 << 20])
def test_bdb_page_size(size: int):
    """A page size that no library writes is refused."""
    body = bytearray(write.bdb(SMALL))
    body[20:24] = struct.pack("<I", size)
    assert [f"the database states pages of {size} bytes"] == read_blobs(bytes(body)).damage


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (4, 1, "version 1 of the ndb format is not known"),
        (12, 0, "the database states 0 pages of slots; 1 to 2048 are read"),
        (12, 9999, "the database states 9999 pages of slots; 1 to 2048 are read"),
        (32, 0, "a slot has no mark of one"),
        (36, 2, "package 2 stands in two slots"),
        (40, 7, "the slot of package 1 points to something else"),
        (40, 1 << 30, "package 1 lies beyond the end of the file"),
        (44, 1, "package 1 is cut off or longer than its slot says"),
        (4096 + 12, 1 << 31, "package 1 is cut off or longer than its slot says"),
    ],
)
def test_ndb_damage(place: int, value: int, told: str):
    """Each number of the format that is wrong is told in its own words."""
    body = bytearray(write.ndb(SMALL))
    body[place : place + 4] = struct.pack("<I", value)
    assert told in read_blobs(bytes(body)).damage


def test_ndb_overlap():
    """Slots that point into one another cannot make more bytes than the file has."""
    inner = HEADERS[1]
    body = bytearray(write.ndb([inner]))
    outer = struct.unpack_from("<I", body, 4096 + 12)[0]
    for number in range(2, 50):
        at = 4096 + 16 * number
        body[32 + 16 * (number - 1) : 48 + 16 * (number - 1)] = struct.pack("<4s3I", b"Slot", number, at // 16, 9999)
        body[at : at + 16] = struct.pack("<4s3I", b"BlbS", number, 0, outer - 16 * number)
    blobs = read_blobs(bytes(body))
    assert "the packages state more bytes than the file has" in blobs.damage
    assert sum(len(blob) for _, blob in blobs.headers) <= len(body)


@pytest.mark.parametrize(
    ("place", "form", "value", "told"),
    [
        (512 + 20, "<H", 9999, "page 1 states 9999 entries, more than fit into it"),
        (512 + 20, "<H", 3, "page 1 has a key without a value"),
        (512 + 26, "<H", 20, "the entries of page 1 are out of order"),
        (512 + 28, "<H", 511, "the entries of page 1 are out of order"),
        (1024 - 5 - 5 - 5, "<B", 9, "a key of page 1 is no package number"),
        (1024 - 5 - 5 - 5 - 12, "<B", 9, "package 1 is stored in a way that is not known"),
        (1024 + 25, "<B", 0, "package 1 is cut off: 0 of 62 bytes"),
        (1024 + 22, "<H", 0, "package 1 is cut off: 0 of 62 bytes"),
        (32, "<I", 99, "the database is cut off: it has 5 whole pages, 100 are stated"),
    ],
)
def test_bdb_damage(place: int, form: str, value: int, told: str):
    """Each number of the format that is wrong is told in its own words, and the other packages stay."""
    body = bytearray(write.bdb(SMALL))
    struct.pack_into(form, body, place, value)
    blobs = read_blobs(bytes(body))
    assert told in blobs.damage
    assert {blob for _, blob in blobs.headers} <= set(SMALL)
