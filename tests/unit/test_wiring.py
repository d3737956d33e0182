"""Settings and options."""

from pathlib import Path

import pytest

from tidewaiter.ports.workspace import WorkspaceError
from tidewaiter.wiring import builtin_sources, read_settings
from tidewaiter.wiring.check import split_image
from tidewaiter.wiring.settings import default_database
from tidewaiter.wiring.tools import analyzer_registry


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TIDEWAITER_DB": "/d/x.sqlite", "HOME": "/h"}, "/d/x.sqlite"),
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/tidewaiter/advisories.sqlite"),
        ({"HOME": "/h"}, "/h/.cache/tidewaiter/advisories.sqlite"),
    ],
)
def test_place_of_the_advisory_data(environ, expected):
    """The variable, the user's cache, the home folder."""
    assert Path(expected) == default_database(environ)


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("TRUE", True), ("0", False), ("", False)])
def test_the_administrators_setting(text, expected):
    """Only a clear yes permits exceptions without an end."""
    assert expected == read_settings({"HOME": "/h", "TIDEWAITER_PERMIT_NEVER": text}).permit_never


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop/web=a.tar", ("shop/web", "a.tar")),
        ("shop/web:1=a=b.tar", ("shop/web:1", "a=b.tar")),
        ("a.tar", ("", "a.tar")),
        ("./a=b.tar", ("", "./a=b.tar")),
        ("/tmp/a=b.tar", ("", "/tmp/a=b.tar")),
        ("fs:venv", ("", "fs:venv")),
        ("shop/web=fs:venv", ("shop/web", "fs:venv")),
    ],
)
def test_image_options(text, expected):
    """A name and a path, or a path alone."""
    assert expected == split_image(text)


def test_an_image_option_without_a_path_is_refused():
    """It says how to write it."""
    with pytest.raises(WorkspaceError) as caught:
        split_image("shop/web=")
    assert "NAME=PATH" in caught.value.advice


def test_at_least_thirty_policies_are_built_in():
    """One file each."""
    assert len(builtin_sources()) >= 30


def test_built_in_analyzers_are_there():
    """Plug-ins come after them."""
    assert {"dpkg", "npm"} <= {analyzer.id for analyzer in analyzer_registry()}
