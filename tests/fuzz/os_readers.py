"""Readers of operating systems: rpm databases, apk, dpkg, pacman, release files."""

import sqlite3
import tempfile
from pathlib import Path

import rpm_databases as write
from fuzz.target import Target
from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.analyzers import apk, bottlerocket, dnf_history, dpkg, pacman, rpm, rpm_manifest
from tidewaiter.scan.os_release import FILES, operating_system, system_unknowns
from tidewaiter.scan.rpm import HeaderError, read_header, read_package

_CASES = Path(__file__).resolve().parent.parent / "contract" / "analyzers"
_HEADERS = [
    write.package("a", "1", "2", [f"/usr/bin/x{number}" for number in range(9)], arch="noarch", source="a-1-2.src.rpm"),
    write.package("b", "2", "3", vendor="V" * 700),
    write.package("c", "2", "3", epoch=4, module="m:1:2:3"),
]
_CHANNELS = (
    "etc/os-release",
    "etc/apk/repositories",
    "var/lib/ubuntu-advantage/status.json",
    "root/buildinfo/content_manifests/a.json",
)
_SYSTEM = (
    b'ID=rhel\nVERSION_ID="9.4"\nNAME="x"\nCPE_NAME=cpe:/o\n'
    b'{"services":[{"name":"a","status":"enabled"}]}\nhttps://x/alpine/v3.20/main\n'
)
_RELEASE = b"Red Hat Enterprise Linux Server release 6.10 (Santiago)\nVERSION = 11\nPATCHLEVEL = 4\n"


def _fixture(analyzer: Analyzer, path: str) -> Target:
    seed = (_CASES / analyzer.id / "fires" / path).read_bytes()
    return Target(f"{analyzer.id} {path.rpartition('/')[2]}", seed, lambda data: analyzer.parse(data, path))


def _database(name: str, seed: bytes) -> Target:
    return Target(name, seed, lambda data: rpm.ANALYZER.parse(data, "var/lib/rpm/Packages"))


def _log() -> Target:
    """Return the log of a database whose pages are all still in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rpmdb.sqlite"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA page_size = 512")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob)")
        connection.executemany("INSERT INTO Packages (blob) VALUES (?)", [(header,) for header in _HEADERS])
        data, log = path.read_bytes(), path.with_name("rpmdb.sqlite-wal").read_bytes()
        connection.close()

    def read(changed: bytes) -> object:
        return rpm.ANALYZER.parse_beside(data, "var/lib/rpm/rpmdb.sqlite", {"rpmdb.sqlite-wal": changed})

    return Target("rpm wal", log, read)


def _header(data: bytes) -> object:
    try:
        return read_package(read_header(data))
    except (HeaderError, ValueError):
        return None


def _channels(data: bytes) -> object:
    files = dict.fromkeys(_CHANNELS, data)
    return operating_system(files), system_unknowns(files)


def _release_files(data: bytes) -> object:
    return [operating_system({path: data}) for path in FILES]


TARGETS = (
    _database("rpm sqlite", write.sqlite(_HEADERS)),
    _database("rpm ndb", write.ndb(_HEADERS)),
    _database("rpm bdb", write.bdb(_HEADERS)),
    _database("rpm bdb big-endian", write.bdb(_HEADERS, order=">", kind=2, inline=120)),
    _log(),
    Target("rpm header", _HEADERS[0], _header),
    _fixture(dnf_history.ANALYZER, "var/lib/dnf/history.sqlite"),
    _fixture(apk.ANALYZER, "lib/apk/db/installed"),
    _fixture(dpkg.ANALYZER, "var/lib/dpkg/status"),
    _fixture(dpkg.ANALYZER, "var/lib/dpkg/info/python3-yaml:amd64.list"),
    _fixture(pacman.ANALYZER, "var/lib/pacman/local/openssl-1:3.3.0-1/desc"),
    _fixture(pacman.ANALYZER, "var/lib/pacman/local/openssl-1:3.3.0-1/files"),
    _fixture(rpm_manifest.ANALYZER, "var/lib/rpmmanifest/container-manifest-2"),
    _fixture(
        bottlerocket.ANALYZER,
        "x86_64-bottlerocket-linux-gnu/sys-root/usr/share/bottlerocket/application-inventory.json",
    ),
    Target("channels", _SYSTEM, _channels),
    Target("release files", _RELEASE, _release_files),
)
