"""Writes the executables among the cases of the analyzers: `python tools/fixtures_binaries.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from binaries import GO_MAGIC, crates, elf, go_inline, go_pointers, note  # noqa: E402 - lies with the tests

CASES = ROOT / "tests/contract/analyzers"
LINES = """path\texample.com/acme/shop/cmd/shop
mod\texample.com/acme/shop\t(devel)\t
dep\tgithub.com/Masterminds/semver/v3\tv3.2.1\th1:x=
dep\tgolang.org/x/text\tv0.14.0
=>\tgolang.org/x/text\tv0.15.0\th1:y=
dep\texample.com/acme/local\tv1.0.0
=>\t./local\t(devel)\t
build\t-ldflags="-s -w -X example.com/acme/shop/version.Version=1.4.2 -X 'main.date=2024-01-01'"
build\tvcs.revision=0123456789abcdef0123456789abcdef01234567
build\tvcs.time=2024-03-01T10:11:12Z
"""
COMMIT = LINES.replace("build\t-ldflags", "build\t-tags")
AUDIT = {
    "packages": [
        {"name": "shop", "version": "0.3.0", "source": "local", "dependencies": [1, 2], "root": True},
        {"name": "serde", "version": "1.0.200", "source": "crates.io"},
        {"name": "cc", "version": "1.0.90", "source": "crates.io", "kind": "build"},
    ]
}
FEDORA = {
    "type": "rpm",
    "name": "coreutils",
    "version": "9.4-6.fc40",
    "architecture": "x86_64",
    "osCpe": "cpe:/o:fedoraproject:fedora:40",
}
DEBIAN = {
    "type": "deb",
    "os": "debian",
    "osVersion": "13",
    "name": "systemd",
    "version": "256-1",
    "architecture": "amd64",
}
CHANCE = b"x" * 16 + GO_MAGIC + bytes((8, 2)) + b"\xff" * 64


def files() -> dict[str, bytes]:
    """Return path below the cases and body of each executable."""
    return {
        "go-binary/fires/usr/bin/shop": elf(
            {".text": b"code", ".go.buildinfo": go_inline("go1.22.1 X:boringcrypto", LINES)}
        ),
        "go-binary/fires/usr/bin/stripped": elf({".go.buildinfo": go_inline("go1.21rc2", COMMIT)}, with_table=False),
        "go-binary/fires/usr/bin/plain": elf({".go.buildinfo": go_inline("go1.19.8", "")}),
        "go-binary/fires/usr/bin/old": go_pointers("go1.13.4", LINES, wide=True),
        "go-binary/fires/usr/bin/old32": go_pointers("go1.17", LINES, wide=False, big=True),
        "go-binary/silent/usr/bin/c": elf({".text": b"code", ".data": b"data"}),
        "go-binary/silent/usr/bin/scanner": elf({".rodata": CHANCE, ".data": b"data"}),
        "go-binary/silent/usr/bin/chance": elf({".data": CHANCE}, with_table=False),
        "go-binary/silent/usr/bin/game": b"MZ" + bytes(100),
        "go-binary/damaged/usr/bin/shop": elf({".go.buildinfo": go_inline("go1.22.1", LINES)[:-40]}, with_table=True)[
            :900
        ],
        "go-binary/damaged/usr/bin/empty": elf({".go.buildinfo": b"nothing"}),
        "go-binary/damaged/usr/bin/far": elf({".go.buildinfo": GO_MAGIC + bytes((8, 0)) + b"\1" * 16}),
        "go-binary/damaged/usr/bin/packed": elf({"": b"\1\2\3\4UPX!\x0e\x16"}, with_table=False),
        "rust-binary/fires/usr/bin/shop": elf({".text": b"code", ".dep-v0": crates(AUDIT)}),
        "rust-binary/silent/usr/bin/c": elf({".text": b"code"}),
        "rust-binary/damaged/usr/bin/cut": elf({".dep-v0": crates(AUDIT)[:-20]}),
        "rust-binary/damaged/usr/bin/text": elf({".dep-v0": b"{}"}),
        "rust-binary/damaged/usr/bin/shape": elf({".dep-v0": crates([1])}),
        "elf-note/fires/usr/bin/ls": elf({".note.package": note(FEDORA)}),
        "elf-note/fires/usr/bin/systemctl": elf({".note.package": note(DEBIAN, big=True)}, big=True),
        "elf-note/silent/usr/bin/c": elf({".note.other": note(FEDORA)}),
        "elf-note/damaged/usr/bin/text": elf({".note.package": note(b"{'type': 1}")}),
        "elf-note/damaged/usr/bin/nameless": elf({".note.package": note({"type": "rpm"})}),
        "elf-note/damaged/usr/bin/cut": elf({".note.package": note(FEDORA)[:60]}),
        "bare-binary/fires/usr/local/bin/node": elf({".rodata": b"\0https://x/node-v20.11.1-headers.tar.gz\0"}),
        "bare-binary/fires/usr/local/bin/redis-server": elf({".rodata": b"\x007.2.0\x007.2.4\x002.8.10\0"}),
        "bare-binary/fires/usr/local/lib/libpython3.12.so.1.0": elf({".rodata": b"\x003.1\x003.12.2\0"}),
        "bare-binary/fires/usr/local/bin/postgres": elf(
            {".rodata": b"PostgreSQL 9.1\0PostgreSQL 15.4 (Debian 15.4-1) on x\0"}
        ),
        "bare-binary/silent/usr/local/bin/node": b"#!/bin/sh\nexec node-v20.11.1-headers\n",
        "bare-binary/silent/usr/local/bin/curl": elf({".rodata": b"libcurl"}),
        "bare-binary/damaged/usr/local/bin/node": elf({".rodata": b"node-v20.11.1-headers"})[:40],
    }


if __name__ == "__main__":
    for name, body in files().items():
        path = CASES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    print("wrote the executables")
