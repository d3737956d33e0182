"""Readers that go by first bytes, that take views, and that wait for a file beside their database."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from images import File, Link, build_image
from scanning import problems
from tidewaiter.adapters.images import open_image
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import Package
from tidewaiter.core.registry import Registry
from tidewaiter.scan.analyzer import Analyzer, AnalyzerResult
from tidewaiter.scan.image import Limits, read_image


class Binary:
    """Tells the bytes behind the magic as the name of a package."""

    id: str = "binary"
    version: Final = 1
    tags: Final = frozenset({"image"})
    globs: tuple[str, ...] = ("**/*.bin",)
    magics: tuple[bytes, ...] = (b"\x7fELF", b"MZ")
    max_bytes: Final = 1 << 20

    def wants(self, path: str) -> bool:
        """Accept all."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return one package; `data` must be bytes."""
        assert isinstance(data, bytes), path
        return _named(data)


class BinaryView(Binary):
    """The same without a copy."""

    def parse_view(self, data: memoryview, path: str) -> AnalyzerResult:
        """Return one package."""
        assert isinstance(data, memoryview), path
        assert data.readonly
        return _named(bytes(data))


class Database(Binary):
    """A database of one package, whose log adds another."""

    id: str = "database"
    globs: tuple[str, ...] = ("var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite")
    magics: tuple[bytes, ...] = ()
    companions: Final = ("rpmdb.sqlite-wal",)

    def parse_beside(self, data: bytes, path: str, beside: Mapping[str, bytes]) -> AnalyzerResult:
        """Return the packages of both files."""
        assert path.endswith("rpmdb.sqlite")
        return AnalyzerResult(packages=tuple(_package(one) for one in (data, *beside.values())))


def _package(data: bytes) -> Package:
    return Package(type="generic", name=data[-10:].strip(b"\0").decode("ascii", "replace"), version=str(len(data)))


def _named(data: bytes) -> AnalyzerResult:
    return AnalyzerResult(packages=(_package(data),))


def _scan(folder: Path, *layers: object, analyzer: Analyzer, limits: Limits | None = None, gzip: bool = False) -> Image:
    path = build_image(folder / "image.tar", layers=layers, gzip=gzip)
    with open_image(str(path)) as store:
        analyzers = Registry("analyzers", [analyzer])
        return read_image(store, analyzers=analyzers, ref="test", source="test", limits=limits)


def _found(image: Image) -> dict[str, str]:
    return {one.location.file or "": one.name for one in image.packages if one.location is not None}


@pytest.mark.parametrize("gzip", [False, True])
@pytest.mark.parametrize("analyzer", [Binary(), BinaryView()])
def test_executables_are_read_by_their_first_bytes(tmp_path: Path, analyzer: Analyzer, *, gzip: bool):
    """The magic decides whatever the name; without an execute bit only globs do; a large body arrives whole."""
    large = b"\x7fELF" + bytes(700_000) + b"large"
    layer = {
        "app/server": File(b"\x7fELFserver", 0o755),
        "app/tool": File(b"MZtool", 0o100),
        "app/large": File(large, 0o755),
        "app/plain": File(b"\x7fELFplain", 0o644),
        "app/named.bin": File(b"\x7fELFnamed", 0o755),
        "app/other.bin": File(b"other", 0o644),
        "app/script": File(b"#!/bin/sh\n", 0o755),
        "app/empty": File(b"", 0o755),
        "app/short": File(b"\x7f", 0o755),
    }
    image = _scan(tmp_path, layer, analyzer=analyzer, gzip=gzip)
    names = {path.removeprefix("app/"): name.strip("\x7f") for path, name in _found(image).items()}
    assert names == {
        "server": "ELFserver",
        "tool": "MZtool",
        "large": "large",
        "named.bin": "ELFnamed"[-9:],
        "other.bin": "other",
    }
    assert problems(image) == []


def test_a_large_executable_is_told(tmp_path: Path):
    """A file above the bound of every analyzer that wants it is an Unknown, not a pass."""
    layer = {"app/large": File(b"\x7fELF" + bytes(1 << 20), 0o755)}
    (problem,) = problems(_scan(tmp_path, layer, analyzer=Binary()))
    assert "1048580 bytes, more than the 1048576" in problem


@pytest.mark.parametrize("order", [1, -1])
def test_a_database_is_read_with_the_file_beside_it(tmp_path: Path, order: int):
    """Whatever the order of the members, both come in one call."""
    files = [("var/lib/rpm/rpmdb.sqlite", b"db"), ("var/lib/rpm/rpmdb.sqlite-wal", b"log")]
    image = _scan(tmp_path, dict(files[::order]), analyzer=Database())
    assert {one.name for one in image.packages} == {"db", "log"}
    assert problems(image) == []


def test_a_database_behind_a_linked_folder(tmp_path: Path):
    """The log is found in the real folder too."""
    layer = {
        "var/lib/rpm": Link("../../opt/rpm"),
        "opt/rpm/rpmdb.sqlite": b"db",
        "opt/rpm/rpmdb.sqlite-wal": b"log",
    }
    image = _scan(tmp_path, layer, analyzer=Database())
    assert {one.name for one in image.packages} == {"db", "log"}


def test_a_database_without_a_log(tmp_path: Path):
    """An empty log and a log in another folder count as none."""
    layer = {
        "var/lib/rpm/rpmdb.sqlite": b"db",
        "var/lib/rpm/rpmdb.sqlite-wal": b"",
        "usr/lib/sysimage/rpm/rpmdb.sqlite-wal": b"",
    }
    image = _scan(tmp_path, layer, analyzer=Database())
    assert [one.name for one in image.packages] == ["db"]
    assert problems(image) == []


def test_a_log_without_its_database(tmp_path: Path):
    """A layer that writes only the log changes packages that cannot be seen: said, never silent."""
    layers = ({"var/lib/rpm/rpmdb.sqlite": b"db"}, {"var/lib/rpm/rpmdb.sqlite-wal": b"log"})
    image = _scan(tmp_path, *layers, analyzer=Database())
    (problem,) = problems(image)
    assert "without its database" in problem
    assert [one.name for one in image.packages] == ["db"]


def test_waiting_databases_are_bounded(tmp_path: Path):
    """What would not fit is an Unknown."""
    layer = {"var/lib/rpm/rpmdb.sqlite": b"x" * 60, "usr/lib/sysimage/rpm/rpmdb.sqlite": b"y" * 60}
    image = _scan(tmp_path, layer, analyzer=Database(), limits=Limits(waiting_bytes=100))
    (problem,) = problems(image)
    assert "more than 100 bytes together" in problem
    assert len(image.packages) == 1
