"""Patterns of ignore files that the library refuses."""

from pathlib import Path

from tidewaiter.adapters.files import read_tree
from tidewaiter.adapters.files.ignore import parse_patterns


def test_a_malformed_pattern_is_skipped_as_git_does(tmp_path: Path):
    """A range from z to a raises an error that is no ValueError."""
    (tmp_path / "a.yaml").write_text("a: 1\n")
    (tmp_path / ".gitignore").write_text("[z-a]\nb.yaml\n")
    (tmp_path / "b.yaml").write_text("a: 1\n")
    assert [file.path for file in read_tree(tmp_path, ignore=["[z-a]"])] == ["a.yaml"]


def test_patterns_too_many_to_compile_ignore_nothing():
    """Then more is judged, never less."""
    assert parse_patterns(["a.yaml"] * 1_000).match_file("a.yaml")
    assert not parse_patterns(["a.yaml"] * 10_001).match_file("a.yaml")
