"""Guesses beside a database of packages."""

import pytest

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.scan.image.second_sources import without_repeats

BASH = Package(type="rpm", name="bash-static", version="1:5.2-1", source_name="bash", source_version="5.2-1")


def guess(**fields: str) -> Package:
    """Return what an ELF note says."""
    whole = {"type": "rpm", "name": "bash", "version": "5.2-1", **fields}
    return Package(**whole, is_guess=True, location=Location(file="usr/bin/bash"))


@pytest.mark.parametrize("package", [guess(), guess(name="bash-static")])
def test_known(package: Package):
    """The database's word stands, whether the note names the package or its source."""
    assert [BASH] == without_repeats([package, BASH], {})


@pytest.mark.parametrize("package", [guess(version="5.3-1"), guess(type="deb"), guess(name="zsh")])
def test_unknown(package: Package):
    """Another version, type or name is another package; it is told once."""
    assert [package, BASH] == without_repeats([package, BASH, package], {})


def test_owned_file():
    """About a file that an OS package owns, only the database speaks."""
    assert [BASH] == without_repeats([guess(name="zsh"), BASH], {"usr/bin/bash": "bash"})


def test_archives():
    """A guess about a Java archive is never dropped."""
    jar = Package(type="maven", name="a:b", version="1", is_guess=True)
    assert [jar, jar] == without_repeats([jar, jar], {})


def test_owned_runtime():
    """A runtime that an OS package brought is that package; two copies that nobody owns are two."""
    runtimes = [
        Package(type="generic", name="openjdk", version="17", location=Location(file=file))
        for file in ("a/release", "b/release")
    ]
    assert runtimes == without_repeats(runtimes, {})
    assert runtimes[1:] == without_repeats(runtimes, {"a/release": "openjdk-17-jre"})
