"""Which files of a package's list are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.scan.owned import evidence, evidence_lines


@pytest.mark.parametrize(
    "path",
    [
        "bin/sh",
        "usr/sbin/nginx",
        "usr/lib/jvm/java-17/bin/java",
        "usr/bin/python3.11",
        "usr/libexec/docker/cli-plugins/docker-buildx",
        "usr/lib/git-core/git-http-push",
        "opt/tool/agent",
        "usr/lib/x86_64-linux-gnu/libssl.so.3",
        "usr/lib/libz.so",
        "usr/lib/python3/dist-packages/x-1.dist-info/METADATA",
        "usr/lib/python3/dist-packages/x-1.egg-info",
        "usr/share/nodejs/x/package.json",
        "usr/share/java/commons-io-2.11.0.jar",
        "usr/share/rubygems-integration/all/specifications/x-1.gemspec",
        "usr/share/dotnet/x.deps.json",
        "usr/share/php/vendor/composer/installed.json",
        "usr/lib/jvm/java-17/release",
    ],
)
def test_kept(path: str):
    """Programs, libraries and metadata of language packages are kept."""
    assert [path] == evidence([path])


@pytest.mark.parametrize(
    "path",
    ["usr/share/doc/x/README", "usr/share/man/man1/x.1.gz", "etc/passwd", "usr/include/x.h", "", ".", "usr/lib/x.conf"],
)
def test_left_out(path: str):
    """Documentation, headers and configuration are not."""
    assert [] == evidence([path])


def test_folders_are_left_out():
    """A folder that stands right before its content is no file; a file with the same beginning stays."""
    text = b"/.\n/usr\n/usr/lib\n/usr/lib/git\n/usr/lib/git/git-a\n/usr/lib/b.so\n/usr/lib/git/git-b\n//\n//x\n"
    assert ["usr/lib/git/git-a", "usr/lib/b.so", "usr/lib/git/git-b"] == evidence_lines(text)


@given(st.lists(st.text(alphabet="ab./o")))
def test_any_list(paths: list[str]):
    """What is kept stands in the list, in its order."""
    rest = iter(paths)
    assert all(path in rest for path in evidence(paths))
