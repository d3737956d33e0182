"""Real executables of the Go tool chain on this machine, against what `go version -m` says."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tidewaiter.scan.analyzers import go_binary

GO = shutil.which("go")
pytestmark = [pytest.mark.skipif(GO is None, reason="the Go tool chain is not installed"), pytest.mark.long]

MODULE = """module example.com/acme/shop

go 1.20

require example.com/acme/greet v1.2.3

replace example.com/acme/greet v1.2.3 => ./greet
"""
MAIN = """package main

import "example.com/acme/greet"

var version = "dev"

func main() { println(greet.Hello(), version) }
"""
GREET = """package greet

func Hello() string { return "hello" }
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a module that depends on another one beside it."""
    folder = tmp_path_factory.mktemp("go")
    (folder / "greet").mkdir()
    for name, text in {"go.mod": MODULE, "main.go": MAIN, "greet/greet.go": GREET}.items():
        (folder / name).write_text(text)
    (folder / "greet/go.mod").write_text("module example.com/acme/greet\n\ngo 1.20\n")
    return folder


def run(folder: Path, *words: str, **env: str) -> str:
    """Run the tool chain without network."""
    whole = {**os.environ, "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", **env}
    done = subprocess.run(
        [str(GO), *words], cwd=folder, env=whole, capture_output=True, text=True, check=True, timeout=300
    )
    return done.stdout


@pytest.mark.parametrize(
    "target", ["linux/amd64", "linux/386", "linux/s390x", "linux/mips", "windows/amd64", "darwin/arm64"]
)
def test_targets(source: Path, target: str):
    """Every format, word size and byte order gives the modules that the tool chain itself prints."""
    system, machine = target.split("/")
    name = f"shop-{system}-{machine}"
    flags = "-s -w -X main.version=1.4.2"
    run(source, "build", "-buildvcs=false", "-ldflags", flags, "-o", name, ".", GOOS=system, GOARCH=machine)
    told = run(source, "version", "-m", name)
    result = go_binary.ANALYZER.parse((source / name).read_bytes(), name)
    assert result.unknowns == ()
    tool_chain = told.splitlines()[0].split()[-1].removeprefix("go").split("-")[0]
    assert [
        ("stdlib", tool_chain, False),
        ("example.com/acme/greet", "", False),
        ("example.com/acme/shop", "v1.4.2", True),
    ] == [(package.name, package.version, package.is_main) for package in result.packages]
    assert "dep\texample.com/acme/greet\tv1.2.3" in told


def test_tools_of_the_tool_chain():
    """The tool chain holds the marks of build information as plain data, and is read as itself all the same."""
    root = Path(run(Path.cwd(), "env", "GOROOT").strip())
    for tool in (root / "bin/go", root / "bin/gofmt"):
        result = go_binary.ANALYZER.parse(tool.read_bytes(), tool.name)
        assert ["stdlib"] == [
            package.name for package in result.packages if not package.name.startswith("golang.org/")
        ][:1]
        assert result.unknowns == ()
