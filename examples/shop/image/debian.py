"""A Debian root in outline: its package database is real in names, versions and shape; its programs are stubs."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from image.archive import Layer

HERE = Path(__file__).parent
# An ELF header and nothing behind it: enough to be recognised as a program, too little to run.
STUB = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00\x01\x00\x00\x00" + bytes(40)
OS_RELEASE = """PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
"""
USERS = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
GROUPS = "root:x:0:\nnogroup:x:65534:\n"


@dataclass(frozen=True)
class DebianPackage:
    """One line of a package table."""

    name: str
    version: str
    architecture: str
    source: str
    programs: tuple[str, ...]

    def stanza(self, *, status: bool = True) -> str:
        """Return the record of `var/lib/dpkg/status`; distroless files leave the status out."""
        lines = [f"Package: {self.name}"]
        if status:
            lines.append("Status: install ok installed")
        lines += ["Priority: optional", "Section: misc", "Maintainer: Debian maintainers <debian@lists.example>"]
        lines.append(f"Architecture: {self.architecture}")
        if self.source:
            lines.append(f"Source: {self.source}")
        lines += [
            f"Version: {self.version}",
            f"Description: {self.name}",
            " Metadata of the package; its files are left out.",
        ]
        return "\n".join(lines) + "\n"


def table(name: str) -> tuple[DebianPackage, ...]:
    """Read `image/<name>.tsv`: name, version, architecture, source as in `Source:`, programs separated by blanks."""
    with (HERE / f"{name}.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return tuple(
        DebianPackage(row["name"], row["version"], row["arch"], row["source"], tuple(row["programs"].split()))
        for row in rows
    )


def root(packages: Iterable[DebianPackage]) -> Layer:
    """Return the lowest layer of a Debian image."""
    layer = Layer()
    for name in ("bin", "lib", "lib64", "sbin"):
        layer.link(name, f"usr/{name}")
    layer.file("usr/lib/os-release", OS_RELEASE)
    layer.link("etc/os-release", "../usr/lib/os-release")
    layer.file("etc/debian_version", "12.1\n")
    layer.file("etc/passwd", USERS)
    layer.file("etc/group", GROUPS)
    layer.folder("root", 0o700)
    layer.folder("tmp", 0o1777)
    install(layer, packages, ())
    layer.link("usr/bin/sh", "dash")
    return layer


def install(layer: Layer, packages: Iterable[DebianPackage], before: Iterable[DebianPackage]) -> None:
    """Add packages to a layer: programs, file lists, and the whole database as dpkg writes it again each time."""
    added = tuple(packages)
    for package in added:
        for program in package.programs:
            setuid = program.endswith(("/su", "/passwd", "/mount"))
            layer.file(program, STUB, 0o4755 if setuid else 0o755)
        paths = "".join(f"/{program}\n" for program in package.programs)
        qualifier = ":amd64" if package.name.startswith("lib") and package.architecture == "amd64" else ""
        layer.file(f"var/lib/dpkg/info/{package.name}{qualifier}.list", f"/.\n{paths}")
    known = sorted((*before, *added), key=lambda package: package.name)
    layer.file("var/lib/dpkg/status", "\n".join(package.stanza() for package in known) + "\n")


def distroless(packages: Iterable[DebianPackage]) -> Layer:
    """Return the only layer of a distroless base: one status file per package, no shell, a user of its own."""
    layer = Layer()
    layer.file("usr/lib/os-release", OS_RELEASE)
    layer.link("etc/os-release", "../usr/lib/os-release")
    layer.file(
        "etc/passwd",
        USERS.replace("/bin/bash", "/sbin/nologin") + "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n",
    )
    layer.file("etc/group", GROUPS + "nonroot:x:65532:\n")
    layer.folder("tmp", 0o1777)
    for package in packages:
        layer.file(f"var/lib/dpkg/status.d/{package.name}", package.stanza(status=False))
        for program in package.programs:
            layer.file(program, STUB, 0o755)
    return layer
