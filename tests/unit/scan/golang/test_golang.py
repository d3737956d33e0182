"""What Go executables say about themselves."""

from itertools import product

import pytest

from binaries import GO_MAGIC, elf, go_inline, go_pointers, macho, pe, universal, varint
from tidewaiter.scan.golang import BuildInfo, GoError, packages_of, read_build_info
from tidewaiter.scan.golang.modules import Module, read_build, tool_chain_version

LINES = "path\texample.com/a\nmod\texample.com/a\tv1.2.3\th1:x=\ndep\texample.com/b/v2\tv2.0.0\th1:y=\n"
WHOLE = BuildInfo("go1.22.1", LINES)
INLINE = go_inline("go1.22.1", LINES)


@pytest.mark.parametrize(
    "data",
    [
        elf({".go.buildinfo": INLINE}),
        elf({".go.buildinfo": INLINE}, wide=False),
        elf({".go.buildinfo": INLINE}, big=True),
        elf({".go.buildinfo": INLINE}, with_table=False),
        elf({".go.buildinfo": GO_MAGIC[:9] + bytes(7) + INLINE}),
        elf({".go.buildinfo": bytes(8) + GO_MAGIC + bytes(10) + INLINE}),
        pe({".data": INLINE}),
        pe({".data": INLINE}, wide=False),
        macho({"__go_buildinfo": INLINE}),
        macho({"__data": INLINE}, wide=False),
        universal(macho({"__go_buildinfo": INLINE}, big=True)),
        *(
            go_pointers("go1.22.1", LINES, wide=wide, big=big, with_table=table)
            for wide, big, table in product((True, False), repeat=3)
        ),
    ],
)
def test_forms(data: bytes):
    """Both forms are read, in every format, class and byte order, by section or in the first writable data."""
    assert WHOLE == read_build_info(memoryview(data))


def test_version_alone():
    """A build without modules tells the tool chain."""
    assert BuildInfo("go1.19", "") == read_build_info(memoryview(elf({".go.buildinfo": go_inline("go1.19", "")})))
    file = bytearray(go_pointers("go1.13", LINES))
    at = file.index(GO_MAGIC) + 24
    file[at : at + 8] = bytes(8)
    assert BuildInfo("go1.13", "") == read_build_info(memoryview(bytes(file)))


def test_damaged_modules():
    """A list of modules without its marks is told, the version is kept."""
    data = elf({".go.buildinfo": go_inline("go1.22.1", LINES[:-1])})
    found = read_build_info(memoryview(data))
    assert found is not None
    assert (found.version, found.modules) == ("go1.22.1", "")
    assert "damaged" in found.problem


HEAD = GO_MAGIC + bytes((8, 2)) + bytes(16)


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        (b"nothing", "holds none"),
        (b"x" + INLINE, "holds none"),
        (HEAD + b"\xff" * 12, "a length"),
        (HEAD + varint(2000) + bytes(2000), "is cut off"),
        (HEAD + varint(0) + varint(0), "names no version"),
        (HEAD + varint(6) + b"go1.20" + varint(9 << 20), "is cut off"),
        (GO_MAGIC + bytes((5, 0)) + bytes(16), "unknown size"),
        (GO_MAGIC + bytes((8, 0)) + bytes(16), "names no version"),
    ],
)
def test_damage(info: bytes, reason: str):
    """Damage in Go's own section is told."""
    with pytest.raises(GoError, match=reason):
        read_build_info(memoryview(elf({".go.buildinfo": info})))


def test_pointer_outside():
    """A text outside the file is told."""
    file = bytearray(go_pointers("go1.13", LINES))
    at = file.index(GO_MAGIC) + 32
    file[at : at + 8] = b"\xff" * 8
    with pytest.raises(GoError, match="outside the file"):
        read_build_info(memoryview(bytes(file)))


@pytest.mark.parametrize(
    "data",
    [
        elf({".rodata": INLINE, ".data": b"x"}, pad=0)[:0] or elf({".rodata": b"x" * 8 + INLINE}),
        elf({".data": HEAD + b"\xff" * 12}),
        pe({".data": b"x" * 3 + INLINE}),
        elf({}),
        b"#!/bin/sh\n",
    ],
)
def test_other_programs(data: bytes):
    """The magic as plain data of another program is no build information."""
    assert read_build_info(memoryview(data)) is None


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("go1.22.1", "1.22.1"),
        ("go1.22", "1.22"),
        ("go1.21rc2", "1.21.0-rc.2"),
        ("go1.9.2beta1", "1.9.2-beta.1"),
        ("go1.21.0 X:boringcrypto", "1.21.0"),
        ("go1.26.0-X:nodwarf5", "1.26.0"),
        ("go1.22.3 (Red Hat 1.22.3-1.el9)", "1.22.3"),
        ("devel go1.23-abc", ""),
        ("", ""),
    ],
)
def test_tool_chain_version(written: str, version: str):
    """Remarks and experiments are dropped, pre-releases are written as semantic versions."""
    assert version == tool_chain_version(written)


def test_replacements():
    """What was compiled counts: the replacement, or nothing that anybody published."""
    text = (
        "mod\ta\t(devel)\t\ndep\tb\tv1.0.0\n=>\tc\tv1.1.0\th1:\ndep\td\tv1.0.0\n=>\t../d\t(devel)\t\n"
        'dep\te\tv1.0.0\n=>\tC:\\e\t\ndep\tf\t(devel)\ndep\t\tv1\nbuild\t-tags=x\nbuild\t"k"="a \\"b\\""\n=>\tz\tv9\n'
    )
    build = read_build(text)
    assert build.main == Module("a", "")
    assert build.deps == (Module("c", "v1.1.0"), Module("d", ""), Module("e", ""), Module("f", ""))
    assert build.settings == {"-tags": "x", "k": 'a "b"'}
    assert read_build("mod\ta\t\n=>\tb\tv1.0.0\n").main == Module("b", "v1.0.0")


VCS = "build\tvcs.revision=0123456789abcdef\nbuild\tvcs.time=2024-03-01T10:11:12Z\n"


@pytest.mark.parametrize(
    ("lines", "version", "is_guess"),
    [
        ("mod\tx/a\tv1.2.3+dirty\n", "v1.2.3+dirty", False),
        ("mod\tx/a\t(devel)\n", "", False),
        (f"mod\tx/a\t(devel)\n{VCS}", "v0.0.0-20240301101112-0123456789ab", False),
        ("mod\tx/a\tv0.0.0-20240301101112-0123456789ab+dirty\n", "v0.0.0-20240301101112-0123456789ab+dirty", False),
        (f"mod\tx/a\t(devel)\nbuild\t-ldflags=-X main.version=1.4.2\n{VCS}", "v1.4.2", True),
        ("mod\tx/a\t(devel)\nbuild\t-ldflags=\"-X 'x/a/v.gitVersion=v2.0.1-rc.1'\"\n", "v2.0.1-rc.1", True),
        ("mod\tx/a\t(devel)\nbuild\t-ldflags=-X other/lib.Version=9.9.9\n", "", False),
        ("mod\tx/a\t(devel)\nbuild\t-ldflags=-X main.goVersion=1.22\n", "", False),
        ("mod\tx/a\t(devel)\nbuild\t-ldflags=-X main.Version=dev\n", "", False),
    ],
)
def test_main_module(lines: str, version: str, is_guess: bool):
    """A real version first, then the one that the linker set for the module itself, then the commit."""
    *_, main = packages_of(BuildInfo("go1.22", lines))
    assert (main.name, main.version, main.is_guess, main.is_main) == ("x/a", version, is_guess, True)
