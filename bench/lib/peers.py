"""Other scanners, for runs side by side. They are looked for on PATH and in the folder `TIDEWAITER_PEERS`."""

import json
import os
import shutil
import sqlite3
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

QUIET = {"SYFT_CHECK_FOR_APP_UPDATE": "false"}
_FRESH = {
    "Version": 1,
    "NextUpdate": "2099-01-01T00:00:00Z",
    "UpdatedAt": "2026-01-01T00:00:00Z",
    "DownloadedAt": "2026-01-01T00:00:00Z",
}


@dataclass(frozen=True)
class Peer:
    """One program and what it is asked."""

    name: str
    version: str
    command: tuple[str, ...]
    """In front of the image's path."""
    said: str
    """What it does, for the reader of the table."""


def find(name: str) -> str:
    """Return the program, empty when it is not here."""
    folder = os.environ.get("TIDEWAITER_PEERS", "")
    return shutil.which(name, path=folder) or shutil.which(name) or ""


def syft(archive: Path) -> Peer | None:
    """Return Syft with all its cataloguers."""
    program = find("syft")
    if not program:
        return None
    form = "oci-dir" if archive.is_dir() else "docker-archive"
    command = (program, "scan", f"{form}:{archive}", "-q", "-o", "json")
    return Peer("syft", _version(program), command, "all default cataloguers, JSON")


def trivy(archive: Path, cache: Path) -> Peer | None:
    """Return Trivy with vulnerabilities, its cache in memory, with empty databases: it refuses to run without."""
    program = find("trivy")
    if not program:
        return None
    _empty_java_database(cache / "java-db")
    _empty_database(cache / "db")
    offline = ("--offline-scan", "--skip-db-update", "--skip-java-db-update", "--skip-vex-repo-update", "--quiet")
    asked = ("--scanners", "vuln", "--format", "json", "--list-all-pkgs", "--cache-backend", "memory")
    command = (program, "image", "--cache-dir", str(cache), *asked, *offline, "--input", str(archive))
    return Peer("trivy", _version(program), command, "vulnerabilities by an empty database, JSON")


def _version(program: str) -> str:
    """Return the version of the Go module that the program was built from; `go install` sets no other."""
    built = subprocess.run(["go", "version", "-m", program], capture_output=True, text=True, check=False)
    for line in built.stdout.splitlines():
        fields = line.split("\t")
        if len(fields) > 3 and fields[1] == "mod":
            return fields[3]
    return "of unknown version"


def _empty_java_database(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "trivy-java.db"
    if not database.exists():
        with sqlite3.connect(database) as connection:
            connection.executescript(
                "CREATE TABLE artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);"
                "CREATE TABLE indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT);"
            )
        connection.close()
    (folder / "metadata.json").write_text(json.dumps(_FRESH))


def _empty_database(folder: Path) -> None:
    """Write a bbolt file without buckets (etcd-io/bbolt: internal/common/page.go, meta.go)."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 4096
    pages = []
    for number in (0, 1):
        meta = struct.pack("<IIII QQ QQQ", 0xED0CDAED, 2, size, 0, 3, 0, 2, 4, number)
        checksum = 0xCBF29CE484222325
        for byte in meta:
            checksum = (checksum ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
        pages.append(struct.pack("<QHHI", number, 0x04, 0, 0) + meta + struct.pack("<Q", checksum))
    pages += [struct.pack("<QHHI", 2, 0x10, 0, 0), struct.pack("<QHHI", 3, 0x02, 0, 0)]
    (folder / "trivy.db").write_bytes(b"".join(page.ljust(size, b"\0") for page in pages))
    (folder / "metadata.json").write_text(json.dumps(_FRESH | {"Version": 2}))
