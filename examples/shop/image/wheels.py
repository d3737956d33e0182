"""Wheels pinned by hash: fetched once with pip, kept outside the repository, unpacked as an installer does."""

import base64
import configparser
import hashlib
import io
import os
import posixpath
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from image.archive import Layer

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# The images are linux/amd64 with CPython 3.11, whatever machine makes them.
TARGET = (
    "--implementation=cp",
    "--python-version=311",
    "--abi=cp311",
    "--platform=manylinux2014_x86_64",
    "--platform=manylinux_2_28_x86_64",
)


class FetchError(Exception):
    """A package could neither be found in the cache nor be fetched; the text says what to do."""


def cache() -> Path:
    """Return the folder of fetched packages, made when missing."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "tidewaiter" / "shop"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fetch(requirements: Path) -> list[bytes]:
    """Return the wheels a requirements file pins, in its order; only files whose hash it names are ever used."""
    wanted = HASH.findall(requirements.read_text(encoding="utf-8"))
    found = _cached(set(wanted))
    if len(found) < len(set(wanted)):
        _download(requirements)
        found = _cached(set(wanted))
    if missing := [digest for digest in wanted if digest not in found]:
        raise FetchError(f"pip fetched no wheel with sha256 {missing[0]}, which {requirements.name} asks for")
    return [found[digest] for digest in wanted]


def _cached(wanted: set[str]) -> dict[str, bytes]:
    bodies = (path.read_bytes() for path in sorted(cache().glob("*.whl")))
    return {digest: body for body in bodies if (digest := hashlib.sha256(body).hexdigest()) in wanted}


def _download(requirements: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--retries=1", "--timeout=30", "--require-hashes", "--no-deps", "--only-binary=:all:", *TARGET]
    command += ["--dest", str(cache()), "--requirement", str(requirements)]
    print(f"fetching the wheels of {requirements.name} into {cache()}", file=sys.stderr)
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode:
        last = (outcome.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise FetchError(
            f"cannot fetch the wheels of {requirements}: {last}\n"
            f"Run this again where pip reaches a package index (PIP_INDEX_URL names yours), "
            f"or copy the wheels into {cache()}",
        )


def unpack(layer: Layer, wheel: bytes, site: str, scripts: str, *, python: str) -> None:
    """Install one wheel below `site`, its console scripts into `scripts` (PyPA: binary distribution format)."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
        modes = {info.filename: (info.external_attr >> 16) & 0o111 for info in archive.infolist()}
    record = next(name for name in members if name.endswith(".dist-info/RECORD"))
    info = record.rpartition("/")[0]
    written = {f"{info}/INSTALLER": b"pip\n"}
    for name, body in members.items():
        if name != record:
            written[_place(name, site, scripts)] = body
    entry_points = members.get(f"{info}/entry_points.txt", b"").decode()
    for script, target in _console_scripts(entry_points):
        written[os.path.relpath(f"{scripts}/{script}", site)] = _script(target, python)
        modes[os.path.relpath(f"{scripts}/{script}", site)] = 0o111
    lines = sorted(f"{name},{_hash(body)},{len(body)}" for name, body in written.items())
    written[record] = "".join(f"{line}\n" for line in [*lines, f"{record},,"]).encode()
    for name, body in written.items():
        layer.file(os.path.normpath(f"{site}/{name}"), body, 0o755 if modes.get(name) else 0o644)


def _place(name: str, site: str, scripts: str) -> str:
    folder, _, rest = name.partition("/")
    if not folder.endswith(".data"):
        return name
    kind, _, rest = rest.partition("/")
    homes = {"purelib": site, "platlib": site, "scripts": scripts, "data": posixpath.dirname(scripts)}
    return os.path.relpath(f"{homes[kind]}/{rest}", site)


def _console_scripts(text: str) -> list[tuple[str, str]]:
    parser = configparser.ConfigParser(delimiters=("=",))
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read_string(text)
    return sorted(parser.items("console_scripts")) if parser.has_section("console_scripts") else []


def _script(target: str, python: str) -> bytes:
    module, _, function = target.partition(":")
    function = function.split()[0]
    return f"#!{python}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n".encode()


def _hash(body: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
