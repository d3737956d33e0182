"""The words of `--format` and the renderers are one list."""

from typing import get_args

import pytest

from tidewaiter.cli.convert import Format
from tidewaiter.cli.formats import CheckFormat, ScanFormat
from tidewaiter.render import BUILTIN


def test_convert_offers_every_renderer():
    """A stored report can be written in every form there is."""
    assert [one.id for one in BUILTIN] == list(get_args(Format))


@pytest.mark.parametrize(("words", "command"), [(ScanFormat, "scan"), (CheckFormat, "check")])
def test_every_renderer_can_be_asked_for(words, command):
    """A command offers the renderers that carry its name, in their order."""
    assert [one.id for one in BUILTIN if command in one.tags] == list(get_args(get_args(words)[0]))
