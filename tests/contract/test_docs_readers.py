"""The page of what is read names every member of the families."""

import importlib.util

from shared import REPOSITORY
from tidewaiter.adapters.feeds import BUILTIN


def test_the_page_is_current() -> None:
    """Run `python tools/docs_readers.py` after a change of a family."""
    spec = importlib.util.spec_from_file_location("docs_readers", REPOSITORY / "tools" / "docs_readers.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.TARGET.read_text(encoding="utf-8") == tool.page()


def test_every_feed_has_its_section() -> None:
    """docs/advisories.md or docs/feeds.md names every feed."""
    pages = "".join((REPOSITORY / "docs" / name).read_text() for name in ("advisories.md", "feeds.md"))
    assert [] == [feed.id for feed in BUILTIN if f"`{feed.id}`" not in pages]
