"""Other scanners, for runs side by side. They are looked for on PATH and in the folder `TIDEWAITER_PEERS`."""

import json
import os
import shutil
import sqlite3
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
    """Return Trivy listing packages, its cache in memory, with an empty Java database (it refuses jars without one)."""
    program = find("trivy")
    if not program:
        return None
    _empty_java_database(cache / "java-db")
    offline = ("--offline-scan", "--skip-db-update", "--skip-java-db-update", "--quiet")
    command = (
        program,
        "image",
        "--cache-dir",
        str(cache),
        "--cache-backend",
        "memory",
        "--format",
        "cyclonedx",
        *offline,
    )
    return Peer("trivy", _version(program), (*command, "--input", str(archive)), "packages only, CycloneDX")


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
