"""The page about the engine runs."""

import re

from shared import REPOSITORY


def test_every_example_of_the_page_holds() -> None:
    """The Python blocks, one after the other, run without a failing assertion."""
    page = (REPOSITORY / "docs" / "cel.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) >= 7
    names: dict[str, object] = {"__name__": "page"}
    exec("\n".join(blocks), names)
