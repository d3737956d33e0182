"""Texts in UTF-16 are searched for credentials like all others."""

import pytest

from scanning import scan_layers

TOKEN = "glpat-" + "aB3dE6gH9jK2mN5pQ8sT"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe" + f"a\nTOKEN={TOKEN}\n".encode("utf-16-le"),
        b"\xfe\xff" + f"a\nTOKEN={TOKEN}\n".encode("utf-16-be"),
        f"a\nTOKEN={TOKEN}\n".encode(),
    ],
    ids=["little", "big", "utf-8"],
)
def test_a_token_is_found_on_its_line(tmp_path, data):
    """Whatever byte order the mark at the beginning tells."""
    image = scan_layers(tmp_path, {"opt/setup.ps1": data})
    assert [("gitlab-token", 2)] == [(one.rule, one.location.line) for one in image.credentials]


def test_other_binary_files_are_passed_by(tmp_path):
    """Without the mark a NUL means no text; a cut character ends nothing."""
    image = scan_layers(
        tmp_path, {"opt/a": b"\0" + TOKEN.encode(), "opt/b": b"\xff\xfe" + TOKEN.encode("utf-16-le")[:-1]}
    )
    assert {"opt/b"} >= {one.location.file for one in image.credentials}
