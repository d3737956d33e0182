"""The look for plug-ins before the machinery that loads them is imported."""

import pytest

from tidewaiter.wiring.plugins import may_have_plugins


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("theirs-1.0.dist-info/entry_points.txt", "[tidewaiter.analyzers]\nx = theirs:X\n", True),
        ("theirs.egg-info/entry_points.txt", "[tidewaiter.analyzers]\nx = theirs:X\n", True),
        ("theirs-1.0-py3.11.egg/EGG-INFO/entry_points.txt", "", True),
        ("theirs-1.0.dist-info/entry_points.txt", "[console_scripts]\nx = theirs:X\n", False),
        ("theirs-1.0.dist-info/METADATA", "tidewaiter.analyzers", False),
        ("theirs/entry_points.txt", "[tidewaiter.analyzers]\nx = theirs:X\n", False),
    ],
)
def test_folders_of_modules(tmp_path, file, text, expected):
    """Only the entry points of a distribution count; an egg may always have some."""
    place = tmp_path / file
    place.parent.mkdir(parents=True)
    place.write_text(text)
    assert expected == may_have_plugins([str(tmp_path / "none"), str(tmp_path)])


def test_archives_of_modules(tmp_path):
    """What cannot be listed is left to the standard library."""
    archive = tmp_path / "modules.zip"
    archive.write_bytes(b"PK")
    assert may_have_plugins([str(archive)])
