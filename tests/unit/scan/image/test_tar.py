"""The hand-walked tar against `tarfile`, and against damage."""

import gzip
import io
import tarfile
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from images import layer_tar
from tidewaiter.scan.image.compression import Chunks
from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.limits import Limits
from tidewaiter.scan.image.paths import normalise
from tidewaiter.scan.image.store import Entry
from tidewaiter.scan.image.tar import TarWalk

KINDS = {tarfile.REGTYPE: "file", tarfile.DIRTYPE: "folder", tarfile.SYMTYPE: "symlink", tarfile.LNKTYPE: "hardlink"}


class Stream:
    """A byte stream in memory that gives short reads, as sockets and pipes do."""

    def __init__(self, data: bytes, piece: int = 1 << 30) -> None:
        self._data, self._at, self._piece = data, 0, piece

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        data = self._data[self._at : self._at + min(size, self._piece)]
        self._at += len(data)
        return data

    def skip(self, size: int, /) -> int:
        """Pass over bytes."""
        passed = min(size, len(self._data) - self._at)
        self._at += passed
        return passed


def walk(data: bytes, *, piece: int = 1 << 30, bodies: bool = True, **bounds: Any) -> list[tuple[Entry, bytes]]:
    """Return all members with their bodies."""
    limits = Limits(**bounds)
    walk_ = TarWalk(Chunks(Stream(data, piece), limits), limits, "layer")
    return [(entry, bytes(walk_.body(1 << 20)) if bodies and entry.kind == "file" else b"") for entry in walk_]


def tar(members: list[tuple[tarfile.TarInfo, bytes]], format_: int) -> bytes:
    """Return a tar written by the standard library."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_) as archive:
        for info, body in members:
            archive.addfile(info, io.BytesIO(body))
    return out.getvalue()


def member(name: str, body: bytes = b"", **fields: Any) -> tuple[tarfile.TarInfo, bytes]:
    """Return one member for `tar`."""
    info = tarfile.TarInfo(name)
    info.size = len(body)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, body


NAMES = st.lists(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60),
    min_size=1,
    max_size=6,
).map("/".join)
MEMBERS = st.lists(
    st.tuples(
        NAMES,
        st.binary(max_size=3000),
        st.sampled_from([tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE]),
        NAMES,
        st.sampled_from([0o644, 0o755, 0o4755, 0o666, 0o7777]),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=150)
@given(
    members=MEMBERS,
    format_=st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT]),
    piece=st.integers(1, 4000),
)
def test_equals_tarfile(members: list[Any], format_: int, piece: int):
    """Names, kinds, modes, links and bodies are those that the standard library reads, in each format and read size."""
    written = []
    for name, body, kind, link, mode in members:
        real = body if kind == tarfile.REGTYPE else b""
        target = link if kind in {tarfile.SYMTYPE, tarfile.LNKTYPE} else ""
        one = member(name, real, type=kind, linkname=target, mode=mode)
        try:
            tar([one], format_)
        except ValueError:
            continue  # ustar cannot hold every name
        written.append(one)
    data = tar(written, format_)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        expected = [
            (
                normalise(info.name),
                KINDS[info.type],
                info.mode,
                _link(info),
                archive.extractfile(info).read() if info.isreg() else b"",
            )
            for info in archive
            if normalise(info.name) is not None
        ]

    got = [(entry.path, entry.kind, entry.mode, entry.link, body) for entry, body in walk(data, piece=piece)]

    assert got == expected


def _link(info: tarfile.TarInfo) -> str:
    return (normalise(info.linkname) or "") if info.islnk() else info.linkname


BASE = tar(
    [
        member("a/" + "n" * 150, b"x" * 700),
        member("b", b"y" * 5000, mode=0o4755),
        member("c", type=tarfile.SYMTYPE, linkname="l" * 200),
    ],
    tarfile.PAX_FORMAT,
) + tar([member("d" * 200, b"z" * 10), member("e")], tarfile.GNU_FORMAT)


@settings(deadline=None, max_examples=400)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(BASE) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.integers(0, len(BASE)),
    packed=st.booleans(),
    bodies=st.booleans(),
)
def test_damage_never_crashes(changes: list[tuple[int, int]], cut: int, packed: bool, bodies: bool):
    """Changed and missing bytes end in members or in DamageError, never in another exception."""
    data = bytearray(BASE)
    for at, value in changes:
        data[at] = value
    raw = bytes(data[: cut or None])
    with suppress(DamageError):
        walk(gzip.compress(raw)[: len(raw) // 2] if packed else raw, bodies=bodies)


WHOLE = tar([member("a", b"x" * 700), member("d" * 200, b"z" * 10), member("e")], tarfile.PAX_FORMAT)
END = len(WHOLE.rstrip(b"\0")) // 512 * 512 + 512


@pytest.mark.parametrize("packed", [False, True])
def test_every_cut_is_told(packed: bool):
    """What ends before the end mark either raises or says that the mark is missing, also between two members."""
    for size in range(0, END + 1, 64):
        raw = WHOLE[:size]
        limits = Limits()
        walk_ = TarWalk(Chunks(Stream(gzip.compress(raw) if packed else raw), limits), limits, "layer")
        told = False
        try:
            list(walk_)
        except DamageError:
            told = True
        assert (size, told or not walk_.is_marked) == (size, True)


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=3000))
def test_garbage_is_told(data: bytes):
    """Bytes that are no tar at all give DamageError, or nothing when they are too few or all zero."""
    with suppress(DamageError):
        assert walk(data) == []


def test_size_above_the_octal_field():
    """Base-256 sizes are read: GNU tar writes them above 8 GiB."""
    info, _ = member("huge")
    info.size = 9 << 30
    header = info.tobuf(tarfile.GNU_FORMAT)
    assert header[124] == 0x80
    with pytest.raises(DamageError, match="cut off"):
        walk(header, bodies=False)


def test_pax_size_wins():
    """The pax `size` overrides the header's, which is zero above 8 GiB in pax archives."""
    info, body = member("f", b"12345")
    raw = bytearray(tar([(info, body)], tarfile.USTAR_FORMAT))
    extended = tarfile.TarInfo("x")
    extended.type, extended.size = tarfile.XHDTYPE, len(b"10 size=5\n")
    data = extended.tobuf() + b"10 size=5\n".ljust(512, b"\0") + bytes(raw)
    assert [(entry.size, got) for entry, got in walk(data)] == [(5, b"12345")]


def test_old_gnu_prefix_is_not_a_name():
    """Old GNU headers keep times where ustar keeps the prefix."""
    raw = bytearray(member("name")[0].tobuf(tarfile.GNU_FORMAT))
    raw[345:357] = b"14677777777\0"
    raw[148:156] = b"%06o\0 " % (sum(raw[:148]) + 8 * 32 + sum(raw[156:512]))
    assert [entry.path for entry, _ in walk(bytes(raw))] == ["name"]


@pytest.mark.parametrize(
    ("name", "path"),
    [("./a/b", "a/b"), ("/a//b/", "a/b"), ("a/../b", "b"), ("./", ""), (".hidden/x", ".hidden/x"), ("a/./b", "a/b")],
)
def test_names_are_made_normal(name: str, path: str):
    """Leading `./` and `/` go, `..` inside the root is collapsed."""
    assert normalise(name) == path


def test_escaping_names_are_recorded_and_passed_over():
    """A name that leads out of the root is told, the other members stay."""
    data = tar([member("../../etc/passwd", b"x"), member("ok", b"y")], tarfile.PAX_FORMAT)
    limits = Limits()
    walk_ = TarWalk(Chunks(Stream(data), limits), limits, "layer 1")
    assert [entry.path for entry in walk_] == ["ok"]
    assert "leads out" in walk_.unknowns[0].reason
    assert walk_.unknowns[0].subject == "layer 1"


def test_names_that_are_not_utf8_survive():
    """Names are bytes; undecodable ones are kept as surrogates."""
    info, _ = member("x")
    raw = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    raw[0:3] = b"a\xff\xfe"
    raw[148:156] = b"%06o\0 " % (sum(raw[:148]) + 8 * 32 + sum(raw[156:512]))
    assert [entry.path for entry, _ in walk(bytes(raw))] == ["a\udcff\udcfe"]


def test_sparse_members_have_no_body():
    """An old GNU sparse file with further map blocks is walked over as a whole."""
    raw = bytearray(member("s")[0].tobuf(tarfile.GNU_FORMAT))
    raw[156:157] = b"S"
    raw[124:136] = b"00000000010\0"
    raw[482] = 1
    raw[148:156] = b"%06o\0 " % (sum(raw[:148]) + 8 * 32 + sum(raw[156:512]))
    data = bytes(raw) + bytes(512) + b"12345678".ljust(512, b"\0") + tar([member("after")], tarfile.GNU_FORMAT)
    assert [(entry.path, entry.kind) for entry, _ in walk(data)] == [("s", "sparse"), ("after", "file")]


def test_one_zero_block_is_tolerated_two_end():
    """A single zero block is passed over; what stands behind two of them is not part of the archive."""
    one = member("one")[0].tobuf()
    two = member("two")[0].tobuf()
    assert [entry.path for entry, _ in walk(one + bytes(512) + two + bytes(1024) + one)] == ["one", "two"]


def test_bound_of_members():
    """More members than allowed stop the layer."""
    with pytest.raises(DamageError, match="more than 3 members"):
        walk(tar([member(str(i)) for i in range(5)], tarfile.PAX_FORMAT), members=3)


def test_bound_of_extended_headers():
    """A long name of a megabyte is refused before it is read."""
    with pytest.raises(DamageError, match="extended tar header"):
        walk(tar([member("n" * 5000)], tarfile.GNU_FORMAT), header_bytes=4000)


def test_bound_of_path_length():
    """A path above the bound is told and passed over."""
    limits = Limits(path_length=300)
    data = tar([member("n" * 400), member("ok")], tarfile.PAX_FORMAT)
    walk_ = TarWalk(Chunks(Stream(data), limits), limits, "layer")
    assert [entry.path for entry in walk_] == ["ok"]
    assert walk_.unknowns[0].incomplete


def test_head_and_tail_of_a_long_body():
    """A longer body gives its first and last bytes, and the next member is found."""
    data = tar([member("long", bytes(range(256)) * 4000), member("next", b"n")], tarfile.PAX_FORMAT)
    limits = Limits()
    for raw in (data, gzip.compress(data)):
        walk_ = TarWalk(Chunks(Stream(raw), limits), limits, "layer")
        members = iter(walk_)
        next(members)
        assert walk_.starts_binary()
        assert bytes(walk_.body(10, 4)) == bytes(range(10)) + bytes(range(252, 256))
        assert next(members).path == "next"


def test_a_body_that_is_still_looked_at_is_not_written_over():
    """The buffer of a large body is used again only when nobody holds a view of it."""
    bodies = {name: bytes([number]) * (300_000 - number) for number, name in enumerate("abc", 1)}
    walk = TarWalk(Chunks(Stream(layer_tar(bodies)), Limits()), Limits())
    held = [walk.body(1 << 20) for _ in walk]
    assert list(bodies.values()) == [bytes(body) for body in held]
    walk = TarWalk(Chunks(Stream(layer_tar(bodies)), Limits()), Limits())
    assert list(bodies.values()) == [bytes(walk.body(1 << 20)) for _ in walk]
