"""Real rpm databases: the shared ones of distributions, and some that this machine's rpm writes."""

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shared import shared
from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzers.rpm import ANALYZER
from tidewaiter.scan.rpm import Header, read_blobs, read_header, read_package, split_source

SQLITE = "vectors/rpmdb/cbl-mariner-2.0.rpmdb.sqlite"
NDB = "vectors/rpmdb/sle15-bci.Packages.db"
BDB = "vectors/rpmdb/libuuid.Packages"
needs_rpm = pytest.mark.skipif(not shutil.which("rpm"), reason="rpm is not installed (apt-get install rpm)")
QUERY = "%{NAME}\t%{EPOCH}\t%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SOURCERPM}\t%{VENDOR}\t%{LICENSE}\n"


def headers(path: Path) -> list[Header]:
    """Return all headers of a database without damage."""
    blobs = read_blobs(path.read_bytes())
    assert [] == blobs.damage
    return [read_header(blob) for _, blob in blobs.headers]


def packages(path: Path) -> list[Package]:
    """Return the packages that the analyzer makes of a database."""
    result = ANALYZER.parse(path.read_bytes(), "var/lib/rpm/" + path.name)
    assert () == result.unknowns
    return list(result.packages)


def row(header: Header) -> dict[str, Any]:
    """Return a header in the words of the expected lists."""
    return {
        "epoch": next(iter(header.integers(1003)), None),
        "name": header.text(1000),
        "version": header.text(1001),
        "release": header.text(1002),
        "arch": header.text(1022),
        "sourcerpm": header.text(1044),
        "size": next(iter(header.integers(1009)), 0),
        "license": header.text(1014),
        "vendor": header.text(1011),
        "modularitylabel": header.text(5096),
        "summary": header.text(1004),
        "sigmd5": header.binary(261).hex(),
    }


def cases() -> dict[str, list[dict[str, Any]]]:
    """Return the expected lists by name."""
    found: dict[str, list[dict[str, Any]]] = json.loads(shared("vectors/rpmdb/expected.json").read_text())["cases"]
    return found


@pytest.mark.corpus
def test_ndb_vector():
    """The ndb database holds exactly the expected packages, field by field."""
    assert cases()["SLE15WithNDB"] == [row(header) for header in headers(shared(NDB))]


@pytest.mark.corpus
def test_sqlite_vector():
    """The sqlite database holds exactly the 129 packages that SQLite itself finds under their names."""
    path = shared(SQLITE)
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    names = [name for (name,) in connection.execute("SELECT key FROM Name ORDER BY hnum")]
    blobs = connection.execute("SELECT hnum, blob FROM Packages ORDER BY hnum").fetchall()
    connection.close()
    assert 129 == len(names)
    assert blobs == read_blobs(path.read_bytes()).headers
    assert names == [header.text(1000) for header in headers(path)]
    assert {"bash 5.1.8-1.cm2", "sudo 1.9.5p2-3.cm2", "sqlite 3.34.1-2.cm2"} <= {
        f"{package.name} {package.version}" for package in packages(path)
    }


@pytest.mark.corpus
def test_bdb_vector():
    """The Berkeley DB file holds the one package that its rpm knows."""
    expected = Package(
        type="rpm",
        name="libuuid",
        version="2.32.1-42.el8_8",
        arch="x86_64",
        source_name="util-linux",
        maintainer="Red Hat, Inc.",
        licence="BSD",
    )
    assert [expected] == packages(shared(BDB))


@pytest.mark.corpus
def test_header_vector():
    """A single header gives its 68 tags behind the tag of the signed region."""
    header = read_header(shared("vectors/rpmdb/header-blob.bin").read_bytes())
    assert 69 == len(header.tags)
    assert 63 == header.tags[0]
    found = read_package(header)
    assert found is not None
    assert ("publicsuffix-list-dafsa", "20210518-2.fc35") == (found.package.name, found.package.version)


@pytest.mark.corpus
def test_source_names():
    """The names of all source packages of fifteen systems split so that they can be put together again."""
    seen = 0
    for expected in (row for rows in cases().values() for row in rows if row["sourcerpm"] not in {"", "(none)"}):
        name, version = split_source(expected["sourcerpm"])
        assert f"{name}-{version}" in {expected["sourcerpm"].removesuffix(f".{end}.rpm") for end in ("src", "nosrc")}
        seen += 1
    assert seen > 2500


@pytest.mark.corpus
@needs_rpm
@pytest.mark.parametrize(
    ("vector", "name", "backend"), [(SQLITE, "rpmdb.sqlite", "sqlite"), (BDB, "Packages", "bdb_ro")]
)
def test_vectors_by_rpm(tmp_path: Path, vector: str, name: str, backend: str):
    """rpm itself lists the same packages of the shared databases."""
    (tmp_path / name).write_bytes(shared(vector).read_bytes())
    assert sorted(asked(tmp_path, backend)) == sorted(told(tmp_path / name))


def told(path: Path) -> list[str]:
    """Return the lines that QUERY would print, from our own headers."""
    lines = []
    for header in headers(path):
        epoch = next(iter(header.integers(1003)), "(none)")
        texts = [header.text(tag) or "(none)" for tag in (1022, 1044, 1011, 1014)]
        lines.append("\t".join([header.text(1000), str(epoch), f"{header.text(1001)}-{header.text(1002)}", *texts]))
    return lines


def asked(folder: Path, backend: str) -> list[str]:
    """Return the lines that rpm prints for a database."""
    command = ["rpm", "--dbpath", str(folder), "--define", f"_db_backend {backend}", "-qa", "--qf", QUERY]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


SPEC = """
Name: {name}
Version: {version}
Release: 2.tw1
Epoch: {epoch}
Summary: A package of a test
License: MIT
Vendor: Tidewaiter Tests
BuildArch: noarch
%description
A package of a test.
%package libs
Summary: Its libraries
%description libs
Its libraries.
%install
mkdir -p %{{buildroot}}/usr/bin %{{buildroot}}/usr/lib/python3/{name}-1.dist-info
echo > %{{buildroot}}/usr/bin/{name}
echo > %{{buildroot}}/usr/lib/python3/{name}-1.dist-info/METADATA
%files
/usr/bin/{name}
%files libs
/usr/lib/python3/{name}-1.dist-info/METADATA
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a database into which rpm installed four packages that rpmbuild made."""
    if not shutil.which("rpmbuild"):
        pytest.skip("rpmbuild is not installed (apt-get install rpm)")
    top = tmp_path_factory.mktemp("rpm")
    if " " in str(top):
        pytest.skip("rpmbuild takes no folder with a blank in its path (set TMPDIR)")
    for name, version, epoch in (("harbour", "1.0~rc1", 0), ("pier", "2.5^git3", 3)):
        spec = top / f"{name}.spec"
        spec.write_text(SPEC.format(name=name, version=version, epoch=epoch))
        run("rpmbuild", "--quiet", "--define", f"_topdir {top}", "-bb", str(spec))
    made = sorted(str(path) for path in top.rglob("*.rpm"))
    database = ["--root", str(top / "root"), "--dbpath", "/var/lib/rpm", "--define", "_db_backend sqlite"]
    run("rpm", *database, "--initdb")
    run("rpm", *database, "-i", "--justdb", "--nodeps", "--nosignature", *made)
    return top / "root/var/lib/rpm"


def run(*command: str) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, capture_output=True, timeout=120, check=True)


@needs_rpm
def test_database_that_rpm_wrote(root: Path):
    """Packages and owned files are those that rpm installed."""
    assert sorted(asked(root, "sqlite")) == sorted(told(root / "rpmdb.sqlite"))
    result = ANALYZER.parse((root / "rpmdb.sqlite").read_bytes(), "var/lib/rpm/rpmdb.sqlite")
    assert () == result.unknowns
    assert {
        "harbour 1.0~rc1-2.tw1",
        "harbour-libs 1.0~rc1-2.tw1",
        "pier 3:2.5^git3-2.tw1",
        "pier-libs 3:2.5^git3-2.tw1",
    } == {f"{package.name} {package.version}" for package in result.packages}
    assert {
        ("usr/bin/harbour", "harbour"),
        ("usr/bin/pier", "pier"),
        ("usr/lib/python3/harbour-1.dist-info/METADATA", "harbour-libs"),
        ("usr/lib/python3/pier-1.dist-info/METADATA", "pier-libs"),
    } == set(result.owned)


@needs_rpm
def test_package_in_the_log(root: Path, tmp_path: Path):
    """A package whose header is only in the log beside the database is told, one that the log removes is not."""
    shutil.copytree(root, tmp_path / "rpm")
    path = tmp_path / "rpm/rpmdb.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    header = connection.execute("SELECT blob FROM Packages ORDER BY hnum LIMIT 1").fetchone()[0]
    name = read_header(header).text(1000)
    connection.execute("DELETE FROM Packages")
    connection.execute("INSERT INTO Packages (hnum, blob) VALUES (99, ?)", (header,))
    data, log = path.read_bytes(), path.with_name("rpmdb.sqlite-wal").read_bytes()
    connection.close()
    assert log
    assert 4 == len(ANALYZER.parse(data, "var/lib/rpm/rpmdb.sqlite").packages)
    found = ANALYZER.parse_beside(data, "var/lib/rpm/rpmdb.sqlite", {"rpmdb.sqlite-wal": log})
    assert [name] == [package.name for package in found.packages]
    assert () == found.unknowns
