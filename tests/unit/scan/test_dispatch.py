"""Which readers want a path."""

import pytest

from tidewaiter.scan.dispatch import Dispatcher

GLOBS = (
    "var/lib/dpkg/status",
    "var/lib/dpkg/status.d/*",
    "**/*.dist-info/METADATA",
    "**/*.egg-info",
    "**/package.json",
    "a/**/b.txt",
)


@pytest.mark.parametrize(
    ("path", "globs"),
    [
        ("var/lib/dpkg/status", GLOBS[:1]),
        ("x/var/lib/dpkg/status", ()),
        ("var/lib/dpkg/status.d/base", GLOBS[1:2]),
        ("var/lib/dpkg/status.d/a/b", ()),
        ("x-1.dist-info/METADATA", GLOBS[2:3]),
        ("a/b/x-1.dist-info/METADATA", GLOBS[2:3]),
        ("a/METADATA", ()),
        ("a/x.egg-info", GLOBS[3:4]),
        ("package.json", GLOBS[4:5]),
        ("a/new\nline/package.json", GLOBS[4:5]),
        ("a/b.txt", GLOBS[5:]),
        ("a/x/y/b.txt", GLOBS[5:]),
        ("ab.txt", ()),
    ],
)
def test_find(path: str, globs: tuple[str, ...]):
    """A `*` stays inside one segment, `**/` stands for any folders or none."""
    folder, _, name = path.rpartition("/")
    assert Dispatcher((glob, glob) for glob in GLOBS).find(path, folder, name) == globs


def test_globs_without_a_literal_are_refused():
    """A glob that every path would have to be tried against is a mistake of its author."""
    with pytest.raises(ValueError, match="no literal name"):
        Dispatcher([("**/*x*", 1)])
