"""A real executable of the Rust compiler, with the section that cargo-auditable adds."""

import json
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from tidewaiter.scan.analyzers import elf_note, go_binary, rust_binary

TOOLS = {tool: shutil.which(tool) for tool in ("rustc", "objcopy", "cc")}
MISSING = [tool for tool, path in TOOLS.items() if path is None]
pytestmark = [pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"), pytest.mark.long]
CRATES = {
    "packages": [
        {"name": "shop", "version": "0.1.0", "source": "local", "dependencies": [1], "root": True},
        {"name": "libc", "version": "0.2.150", "source": "crates.io"},
        {"name": "cc", "version": "1.0.83", "source": "crates.io", "kind": "build"},
    ]
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an executable without the section."""
    folder = tmp_path_factory.mktemp("rust")
    (folder / "shop.rs").write_text('fn main() { println!("hello"); }\n')
    subprocess.run([str(TOOLS["rustc"]), "-o", "shop", "shop.rs"], cwd=folder, check=True, timeout=120)
    return folder / "shop"


def test_plain(plain: Path):
    """An executable that nobody audited tells nothing, to no reader."""
    data = plain.read_bytes()
    for reader in (rust_binary.ANALYZER, go_binary.ANALYZER, elf_note.ANALYZER):
        assert reader.parse(data, "usr/bin/shop") == type(reader.parse(b"", ""))()


def test_audited(plain: Path, tmp_path: Path):
    """The crates of the section are read, those that only built it are not."""
    (tmp_path / "crates").write_bytes(zlib.compress(json.dumps(CRATES).encode()))
    words = [
        str(TOOLS["objcopy"]),
        "--add-section",
        f".dep-v0={tmp_path / 'crates'}",
        str(plain),
        str(tmp_path / "shop"),
    ]
    subprocess.run(words, check=True, timeout=60)
    result = rust_binary.ANALYZER.parse((tmp_path / "shop").read_bytes(), "usr/bin/shop")
    assert result.unknowns == ()
    assert [("shop", "0.1.0", True), ("libc", "0.2.150", False)] == [
        (package.name, package.version, package.is_main) for package in result.packages
    ]
