"""The page of operating systems names the dates that ship."""

import importlib.util

from shared import REPOSITORY


def test_the_table_is_current() -> None:
    """Run `python tools/docs_systems.py` after a change of the dates."""
    spec = importlib.util.spec_from_file_location("docs_systems", REPOSITORY / "tools" / "docs_systems.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.page() == tool.TARGET.read_text(encoding="utf-8")
