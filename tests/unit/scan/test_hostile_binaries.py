"""Readers of binary files against damage that nobody thought of: no exception, bounded results."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.analyzers import (
    composer_installed,
    conda_meta,
    dotnet_deps,
    elf_note,
    embedded_sbom,
    gemspec,
    go_binary,
    java,
    jdk_release,
    rust_binary,
)

CASES = Path(__file__).parents[2] / "contract" / "analyzers"
READERS = (
    java.ANALYZER,
    go_binary.ANALYZER,
    rust_binary.ANALYZER,
    elf_note.ANALYZER,
    dotnet_deps.ANALYZER,
    composer_installed.ANALYZER,
    gemspec.ANALYZER,
    embedded_sbom.ANALYZER,
    jdk_release.ANALYZER,
    conda_meta.ANALYZER,
)
FILES = {
    analyzer.id: [
        (path.relative_to(CASES / analyzer.id / "fires").as_posix(), path.read_bytes())
        for path in sorted((CASES / analyzer.id / "fires").rglob("*"))
        if path.is_file()
    ]
    for analyzer in READERS
}
NUMBERS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\1\0", b"\0\1", b"PK\5\6", b"PK\1\2", b"\x80")


@st.composite
def mutations(draw: st.DrawFn, files: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Draw a valid file with some pieces replaced, cut out, doubled, or set to a telling number."""
    path, body = draw(st.sampled_from(files))
    data = bytearray(body)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        kind = draw(st.sampled_from(("number", "bytes", "cut", "double", "end")))
        size = draw(st.integers(1, 64))
        if kind == "number":
            value = draw(st.sampled_from(NUMBERS))
            data[at : at + len(value)] = value
        elif kind == "bytes":
            value = draw(st.binary(min_size=1, max_size=8))
            data[at : at + len(value)] = value
        elif kind == "cut":
            del data[at : at + size]
        elif kind == "double":
            data[at:at] = data[at : at + size]
        else:
            del data[at:]
    return path, bytes(data)


@pytest.mark.parametrize("analyzer", READERS, ids=lambda analyzer: analyzer.id)
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutations(analyzer: Analyzer, data: st.DataObject):
    """A damaged file gives what can be read of it, twice the same, and never raises."""
    path, body = data.draw(mutations(FILES[analyzer.id]))
    result = analyzer.parse(body, path)
    assert result == analyzer.parse(body, path)
    assert len(result.packages) < 200
    assert len(result.unknowns) <= 50
    assert all(package.name for package in result.packages)


@pytest.mark.parametrize("analyzer", READERS, ids=lambda analyzer: analyzer.id)
@given(body=st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_noise(analyzer: Analyzer, body: bytes):
    """Any bytes behind any first bytes are read without an exception."""
    path = FILES[analyzer.id][0][0]
    for start in (b"", *analyzer.magics, b"PK\3\4", b"{", b"["):
        analyzer.parse(start + body, path)
