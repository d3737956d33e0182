"""npm packages pinned by their integrity: fetched once with `npm pack`, kept outside the repository."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from image.archive import Layer
from image.wheels import FetchError, cache


def fetch(lock: Path) -> dict[str, bytes]:
    """Return folder -> package archive for every entry of a package-lock.json that has an integrity."""
    entries = {
        path: (path.rpartition("node_modules/")[2], entry["version"], entry["integrity"])
        for path, entry in json.loads(lock.read_text(encoding="utf-8"))["packages"].items()
        if "integrity" in entry
    }
    found = _cached()
    missing = [f"{name}@{version}" for name, version, integrity in entries.values() if integrity not in found]
    if missing:
        _download(missing)
        found = _cached()
    for name, version, integrity in entries.values():
        if integrity not in found:
            raise FetchError(f"npm fetched no {name}@{version} with the integrity that {lock.name} asks for")
    return {path: found[integrity] for path, (_, _, integrity) in entries.items()}


def _cached() -> dict[str, bytes]:
    bodies = (path.read_bytes() for path in sorted(cache().glob("*.tgz")))
    return {"sha512-" + base64.b64encode(hashlib.sha512(body).digest()).decode(): body for body in bodies}


def _download(packages: list[str]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise FetchError("npm is not on PATH; install Node.js with npm to build this image too")
    print(f"fetching {', '.join(packages)} into {cache()}", file=sys.stderr)
    command = [
        npm,
        "pack",
        "--loglevel=error",
        "--ignore-scripts",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
    ]
    command += ["--fetch-retry-maxtimeout=2000", "--fetch-timeout=30000", "--pack-destination", str(cache()), *packages]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode:
        lines = [line for line in outcome.stderr.splitlines() if line.strip() and "complete log" not in line]
        last = lines[0] if lines else "npm said nothing"
        raise FetchError(f"cannot fetch {', '.join(packages)}: {last}; run this again where npm reaches its registry")


def unpack(layer: Layer, package: bytes, folder: str) -> None:
    """Unpack one package archive, whose files lie below one top folder, into `folder`."""
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for member in archive:
            body = archive.extractfile(member) if member.isfile() else None
            if body is not None:
                path = member.name.partition("/")[2]
                layer.file(f"{folder}/{path}", body.read(), 0o755 if member.mode & 0o111 else 0o644)
