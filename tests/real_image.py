"""Makes a real Debian image of a few hundred megabytes for the long tests and for the benchmark.

Needs root, debootstrap, umoci, skopeo, npm and a network; the Debian mirror is the one that this machine uses. The
result is kept in the cache folder (`TIDEWAITER_TEST_CACHE`, else `~/.cache/tidewaiter-tests`), outside the repository.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

RECIPE: Final = "3"
"""Raise it when the image's content changes, so that an older one in the cache is not used."""
LONGEST_SECONDS: Final = 600
"""For one command; a machine without a network must end with a message, not with the patience of CI."""
TOOLS: Final = ("debootstrap", "umoci", "skopeo", "npm", "chroot")
APT: Final = (
    "python3-pip",
    "python3-yaml",
    "python3-requests",
    "curl",
    "git",
    "gcc",
    "libc6-dev",
    "busybox",
    "openssl",
)
PIP: Final = (
    "flask==3.0.0",
    "django==4.2.1",
    "numpy==1.26.4",
    "cryptography==41.0.3",
    "jinja2==3.1.2",
    "boto3==1.34.0",
)
NPM: Final = ("express@4.18.2", "lodash@4.17.20", "webpack@5.88.0", "@babel/core@7.22.5", "typescript@5.1.6")
PYTHON_FOLDER: Final = "srv/python"
NODE_FOLDER: Final = "srv/node"


@dataclass(frozen=True)
class RealImage:
    """The same image in two archives, and the tree that it was packed from."""

    oci: Path
    docker: Path
    tree: Path

    def dpkg(self) -> set[tuple[str, str, str]]:
        """Return what `dpkg-query` inside the tree calls installed: name, version, architecture."""
        wanted = "${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\n"
        lines = run("chroot", self.tree, "dpkg-query", "-W", "-f", wanted).splitlines()
        rows = [tuple(line.split("\t")) for line in lines]
        return {(row[1], row[2], row[3]) for row in rows if row[0] == "installed"}

    def pip(self, folder: str | None = None) -> set[tuple[str, str]]:
        """Return what `pip list` inside the tree says of a folder, or of the system."""
        where = ["--path", f"/{folder}"] if folder else []
        text = run("chroot", self.tree, "python3", "-m", "pip", "list", "--format=json", "--no-index", *where)
        return {(row["name"], row["version"]) for row in json.loads(text)}

    def npm(self) -> set[tuple[str, str]]:
        """Return what `npm ls` says of the tree's application."""
        found: set[tuple[str, str]] = set()
        text = run("npm", "ls", "--all", "--json", "--prefix", self.tree / NODE_FOLDER)
        _collect(json.loads(text).get("dependencies", {}), found)
        return found


def missing() -> str:
    """Return why the image cannot be made here, empty when it can."""
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent:
        return f"not installed: {', '.join(absent)}"
    return "" if os.geteuid() == 0 else "needs root for debootstrap and umoci"


def cache_folder() -> Path:
    """Return where large made things are kept between runs."""
    named = os.environ.get("TIDEWAITER_TEST_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "tidewaiter-tests"


def real_image() -> RealImage:
    """Return the image, made in a few minutes when the cache does not hold it."""
    home = cache_folder() / f"debian-{RECIPE}"
    image = RealImage(home / "oci", home / "image.tar", home / "bundle" / "rootfs")
    if not image.docker.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        _make(image, home)
    return image


def _make(image: RealImage, home: Path) -> None:
    name = f"{image.oci}:latest"
    tree = image.tree
    run("umoci", "init", "--layout", image.oci)
    run("umoci", "new", "--image", name)
    run("umoci", "unpack", "--image", name, home / "bundle")
    suite, address = mirror()
    run("debootstrap", "--variant=minbase", suite, tree, address)
    repack(name, home, f"debootstrap {suite}")
    shutil.copy("/etc/resolv.conf", tree / "etc/resolv.conf")
    run("chroot", tree, "apt-get", "update")
    quiet = ("env", "DEBIAN_FRONTEND=noninteractive")
    run("chroot", tree, *quiet, "apt-get", "install", "-y", "--no-install-recommends", *APT)
    run("chroot", tree, "apt-get", "clean")
    repack(name, home, "RUN apt-get install " + " ".join(APT))
    run(sys.executable, "-m", "pip", "install", "--target", tree / PYTHON_FOLDER, *PIP)
    repack(name, home, "RUN pip install " + " ".join(PIP))
    (tree / NODE_FOLDER).mkdir(parents=True)
    (tree / NODE_FOLDER / "package.json").write_text('{"name": "shop", "version": "1.2.3"}')
    # Without its certificates npm waits for many minutes before it says so.
    run("npm", "install", "--fetch-retries=1", "--fetch-timeout=60000", "--prefix", tree / NODE_FOLDER, *NPM)
    repack(name, home, "RUN npm install " + " ".join(NPM))
    run("chroot", tree, *quiet, "apt-get", "purge", "-y", "busybox")
    repack(name, home, "RUN apt-get purge busybox")
    partial = image.docker.with_suffix(".partial")
    run("skopeo", "--insecure-policy", "copy", f"oci:{name}", f"docker-archive:{partial}:test/debian:real")
    partial.rename(image.docker)


def repack(name: str, home: Path, created_by: str) -> None:
    """Write what changed in the bundle of `home` as the next layer."""
    run("umoci", "repack", "--refresh-bundle", "--image", name, f"--history.created_by={created_by}", home / "bundle")


def mirror() -> tuple[str, str]:
    """Return suite and address of the Debian mirror that this machine itself installs from."""
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    suite = re.search(r"^VERSION_CODENAME=(\w+)$", release, re.MULTILINE)
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
    found = re.search(r"(?:^URIs:|^deb(?: \[[^\]]*\])?)\s+(\S*/debian)/?(?:\s|$)", text, re.MULTILINE)
    if suite is None or found is None:
        raise RuntimeError("cannot tell this machine's Debian suite and mirror")
    return suite[1], found[1]


def _collect(dependencies: dict[str, Any], found: set[tuple[str, str]]) -> None:
    for name, entry in dependencies.items():
        if "version" in entry:
            found.add((name, entry["version"]))
        _collect(entry.get("dependencies", {}), found)


def run(*command: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command and return its output; a failure carries what it printed. `environment` is added to ours."""
    arguments = [str(part) for part in command]
    try:
        done = subprocess.run(
            arguments,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
            env=dict(os.environ) | dict(environment or {}),
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"{' '.join(arguments)} took longer than {LONGEST_SECONDS} s") from None
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    print(missing() or real_image())  # noqa: T201
