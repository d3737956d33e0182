"""Headers and the packages in them."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rpm_databases as write
from tidewaiter.core.model.package import Package
from tidewaiter.scan.rpm import HeaderError, read_header, read_package, split_source


def test_values_of_every_type():
    """Numbers of all widths, texts, lists, translations and bytes are read where the index says."""
    kinds = [(1, "B", 200), (2, "B", 7), (3, "H", 65535), (4, "I", 1 << 31), (5, "Q", 1 << 40)]
    store = b"".join(struct.pack(f">{code}", value) for _, code, value in kinds)
    entries, at = b"", 0
    for tag, (kind, code, _) in enumerate(kinds):
        entries += struct.pack(">4I", tag, kind, at, 1)
        at += struct.calcsize(code)
    entries += struct.pack(">4I", 9, 9, at, 2)
    store += b"C\0fr\0"
    found = read_header(struct.pack(">2I", len(kinds) + 1, len(store)) + entries + store)
    assert [(value,) for _, _, value in kinds] == [found.integers(tag) for tag in range(5)]
    assert ("C", "fr") == found.texts(9)
    assert "C" == found.text(9)
    assert (0, 1, 2, 3, 4, 9) == found.tags


def test_values_of_other_types_are_absent():
    """A tag of an unexpected type counts as absent."""
    found = read_header(write.header({1: "text", 2: 5, 3: b"\1\2", 4: ["a", "b"]}))
    assert ((), (5,), (), ()) == tuple(found.integers(tag) for tag in (1, 2, 3, 4))
    assert (("text",), (), (), ("a", "b")) == tuple(found.texts(tag) for tag in (1, 2, 3, 4))
    assert (b"", b"", b"\1\2", b"") == tuple(found.binary(tag) for tag in (1, 2, 3, 4))


def test_dribble():
    """Of a tag that stands twice the last one counts."""
    assert "new" == read_header(write.header({1000: "old", 1001: "1"}, dribble={1000: "new"})).text(1000)


def test_values_outside_the_store():
    """A place beyond the store counts as absent, whatever its count."""
    entries = [(1, 4, 0, 1 << 31), (2, 6, 1 << 31, 1), (3, 7, 2, 1 << 31), (4, 8, 0, 1 << 31), (5, 6, 2, 1)]
    blob = struct.pack(">2I", len(entries), 4) + b"".join(struct.pack(">4I", *entry) for entry in entries) + b"a\0bc"
    found = read_header(blob)
    assert ((), (), b"", ("a",), ()) == (
        found.integers(1),
        found.texts(2),
        found.binary(3),
        found.texts(4),
        found.texts(5),
    )


@pytest.mark.parametrize(
    "blob",
    [b"", b"\0" * 7, struct.pack(">2I", 0, 0), struct.pack(">2I", 1 << 28, 0), struct.pack(">2I", 1, 1) + bytes(16)],
)
def test_bounds(blob: bytes):
    """Counts that exceed the blob are refused before anything is read."""
    with pytest.raises(HeaderError):
        read_header(blob)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=10), st.integers(0, 600))
def test_mutations(changes: list[tuple[int, int]], cut: int):
    """A changed or cut header gives a package, or one of the two refusals."""
    files = [f"/usr/bin/tool{number}" for number in range(12)]
    body = bytearray(write.package("a", "1", "2", files, epoch=1, source="a-1-2.src.rpm"))
    for place, value in changes:
        body[place % len(body)] = value
    try:
        found = read_package(read_header(bytes(body[: len(body) - cut])))
    except (HeaderError, ValueError):
        return
    assert found is None or found.package.name


def test_package():
    """All fields of a package come from their tags; the files kept are those that readers ask about."""
    blob = write.package(
        "bind-libs",
        "9.11",
        "3.el8",
        ["/usr/lib64/libdns.so.1", "/usr/share/doc/x/README", "/usr/sbin/named"],
        epoch=32,
        arch="x86_64",
        vendor="Red Hat, Inc.",
        licence="MPLv2.0",
        source="bind-9.11-3.el8.src.rpm",
        module="bind:9:1:ab",
    )
    found = read_package(read_header(blob))
    assert found is not None
    expected = Package(
        type="rpm",
        name="bind-libs",
        version="32:9.11-3.el8",
        arch="x86_64",
        source_name="bind",
        source_version="9.11-3.el8",
        maintainer="Red Hat, Inc.",
        licence="MPLv2.0",
        module="bind:9:1:ab",
    )
    assert expected == found.package
    assert (("usr/lib64/libdns.so.1", "bind-libs"), ("usr/sbin/named", "bind-libs")) == found.owned


def test_package_of_the_same_source():
    """Source name and version that equal the package's are left out; an epoch of 0 is none."""
    found = read_package(read_header(write.package("a", "1", "2", epoch=0, source="a-1-2.src.rpm")))
    assert found is not None
    assert Package(type="rpm", name="a", version="1-2") == found.package


def test_old_file_names():
    """Lists of whole paths, as rpm wrote before version 4, are read too."""
    found = read_package(read_header(write.header({1000: "a", 1001: "1", 1002: "1", 1027: ["/usr/bin/a", "/etc/a"]})))
    assert found is not None
    assert (("usr/bin/a", "a"),) == found.owned


def test_folder_beyond_the_list():
    """A file whose folder is not in the list is left out."""
    tags = {1000: "a", 1001: "1", 1002: "1", 1116: [0, 9], 1117: ["x", "y"], 1118: ["/usr/bin/"]}
    found = read_package(read_header(write.header(tags)))
    assert found is not None
    assert (("usr/bin/x", "a"),) == found.owned


def test_keys_are_no_packages():
    """The keys that rpm trusts are stored as packages and are none."""
    assert None is read_package(read_header(write.package("gpg-pubkey", "1", "1")))


def test_missing_tags():
    """A package without name, version or release is told with what it lacks."""
    with pytest.raises(ValueError, match="a package `x` without version and release"):
        read_package(read_header(write.header({1000: "x"})))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("bash-5.1.8-9.el9.src.rpm", ("bash", "5.1.8-9.el9")),
        ("java-1.8.0-openjdk-1.8.0.392.b08-4.el8.src.rpm", ("java-1.8.0-openjdk", "1.8.0.392.b08-4.el8")),
        ("nvidia-1-2.nosrc.rpm", ("nvidia", "1-2")),
        ("(none)", ("", "")),
        ("", ("", "")),
        ("bash.src.rpm", ("", "")),
        ("-1-2.src.rpm", ("", "")),
    ],
)
def test_split_source(file: str, expected: tuple[str, str]):
    """Names of source packages are split from the right."""
    assert expected == split_source(file)
