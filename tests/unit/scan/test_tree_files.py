"""Which names are Dockerfiles."""

import pytest

from tidewaiter.scan.tree_files import FileKind, file_kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Dockerfile", FileKind.DOCKERFILE),
        ("a/dockerfile", FileKind.DOCKERFILE),
        ("Dockerfile.go", FileKind.DOCKERFILE),
        ("Dockerfile.go1.17", FileKind.DOCKERFILE),
        ("dockerfile.dev", FileKind.DOCKERFILE),
        ("web.Dockerfile", FileKind.DOCKERFILE),
        ("Containerfile.arm64", FileKind.DOCKERFILE),
        ("parser/dockerfile.go", None),
        ("dockerfile.py", None),
        ("dockerfile.json", FileKind.MANIFEST),
        ("dockerfile.json.golden", None),
        ("Dockerfile.tmLanguage", None),
        ("Dockerfile.nanorc", None),
        ("Dockerfile.5.md", None),
        ("Dockerfile.dockerignore", None),
    ],
)
def test_programs_about_dockerfiles_are_none(path, kind):
    """A name that only begins like a Dockerfile's does not make a run incomplete."""
    assert kind == file_kind(path)
