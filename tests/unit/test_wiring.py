"""Settings and options."""

import subprocess
import sys
from pathlib import Path

import pytest

from tidewaiter import wiring
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


def test_every_name_of_the_package_has_its_place():
    """What is imported when it is asked for is what the package promises, and any other name is an error."""
    placed = [name for names in wiring._PLACES.values() for name in names.split()]
    assert sorted(wiring.__all__) == sorted(placed)
    assert all(getattr(wiring, name) is not None for name in wiring.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = wiring.nothing


def test_a_scan_of_a_path_loads_no_feeds_and_no_http():
    """What a command does not use costs it no start-up time."""
    code = "import sys, tidewaiter.cli.scan; print(*sorted({'cryptography', 'httpx2', 'jinja2'} & set(sys.modules)))"
    source = str(Path(wiring.__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": source}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}])
def test_a_user_whom_the_system_does_not_know_has_no_home(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]):
    """A container that runs as any number keeps nothing, and an empty HOME is not the present folder."""

    def unknown(uid: int) -> object:
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", unknown)
    settings = read_settings(environ)
    assert (
        "/nonexistent/.cache/tidewaiter/advisories.sqlite",
        "/nonexistent/.local/share/tidewaiter",
        "/nonexistent/.cache/tidewaiter/layers",
        "/nonexistent",
    ) == (str(settings.database), str(settings.state), str(settings.layers.folder), settings.environ["HOME"])
