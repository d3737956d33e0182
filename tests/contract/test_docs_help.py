"""The pages show the help that the commands print."""

import importlib.util
from pathlib import Path

import pytest

from tidewaiter.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [path for path in sorted((ROOT / "docs").glob("*.md")) if "<!-- help:" in path.read_text()]


def _tool():
    spec = importlib.util.spec_from_file_location("help_pages", ROOT / "tools" / "docs_help.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_help_in_pages_is_current(page):
    """Run `python tools/docs_help.py` after a change of options."""
    text = page.read_text()
    assert text == _tool().filled(text)


def test_every_command_of_a_function_has_a_page():
    """`check`, `scan`, `explain` and `fix` are documented; command groups have pages of their own."""
    shown = {name for page in PAGES for name in _tool().MARKED.findall(page.read_text())}
    assert {command.name for command in COMMANDS if not command.target.endswith(":app")} <= shown
