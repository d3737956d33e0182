"""Patterns of CODEOWNERS against paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.owner import matches_path

CASES = [
    ("*", "a/b/c.txt", True),
    ("*.js", "src/app.js", True),
    ("*.js", "src/app.jsx", False),
    ("/build/logs/", "build/logs/today.txt", True),
    ("/build/logs/", "build/logs", False),
    ("/build/logs/", "x/build/logs/today.txt", False),
    ("docs/*", "docs/getting-started.md", True),
    ("docs/*", "docs/build-app/troubleshooting.md", False),
    ("docs/*", "x/docs/a.md", False),
    ("apps/", "x/apps/y/z.py", True),
    ("apps/", "apps", False),
    ("/docs/", "docs/a/b", True),
    ("/apps/github", "apps/github", True),
    ("/apps/github", "apps/github/x/y", True),
    ("**/logs", "a/b/logs/x", True),
    ("**/logs", "logs", True),
    ("docs/**", "docs/a/b", True),
    ("docs/**", "docs", False),
    ("a/**/b", "a/b", True),
    ("a/**/b", "a/x/y/b", True),
    ("a/**/b", "a/x/y/c", False),
    ("/*", "a/b", False),
    ("/*", "a", True),
    ("file?.txt", "x/file1.txt", True),
    ("/", "a", False),
    ("", "a", False),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), CASES)
def test_cases_of_the_documentation(pattern, path, expected):
    """Each rule of GitHub's page on CODEOWNERS and of gitignore that it refers to."""
    assert expected == matches_path(pattern, path)


@given(st.text("ab*/?", max_size=30), st.text("ab/", max_size=40))
def test_any_pattern_ends(pattern, path):
    """No pattern raises or hangs."""
    assert matches_path(pattern, path) in {True, False}


@given(st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=5))
def test_a_path_matches_itself_and_its_folders(parts):
    """A path written with a leading slash, and every folder above it with a trailing one, mean the path."""
    path = "/".join(parts)
    assert matches_path(f"/{path}", path)
    for depth in range(1, len(parts)):
        assert matches_path("/" + "/".join(parts[:depth]) + "/", path)


def test_many_stars_end():
    """A hostile pattern costs the product of its parts and the path's, not more."""
    assert not matches_path("/".join(["**", "a"] * 40) + "/z", "/".join(["a"] * 200))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [("/a/**", "a/x", True), ("/a/**", "b/x", False), ("/a*/x", "ab/x", True), ("/a/", "a", False)],
)
def test_the_first_part_decides_early_only_without_wildcards(pattern, path, expected):
    """A long file of rules is left at the first part that is another name."""
    assert matches_path(pattern, path) is expected
