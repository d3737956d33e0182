"""The pages speak of what exists."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import REPOSITORY
from tracked import ignored, tracked

PAGES = [p for p in tracked() if p.suffix == ".md" and p.parts[0] not in {"tests", "changelog.d", "src"}]
PACKAGE = REPOSITORY / "src" / "tidewaiter"
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
VERB = re.compile(r"(?:^|[\s`])\./dev ([a-z]\S*)", re.MULTILINE)
PATTERN = re.compile(r"[*?<>{}…]")


def named_paths(text: str) -> Iterator[str]:
    """Yield every path in backticks whose first part is a folder or file of the repository or of the package."""
    roots = {path.parts[0] for path in tracked()}
    rings = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    for span in SPAN.findall(text):
        path = span.split("::")[0].removeprefix("./").rstrip("/")
        first, *rest = path.split("/")
        if " " in path or PATTERN.search(path):
            continue
        if (first in roots and (rest or "." in first)) or (first in rings and rest):
            yield path


def exists(path: str, page: Path) -> bool:
    """Say whether a path is there: in the repository, in the package, beside the page, or made by a command."""
    places = (REPOSITORY, PACKAGE, REPOSITORY / page.parent)
    return ignored().match_file(path) or any((place / path).exists() for place in places)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_paths_exist(page: Path) -> None:
    """Every path and every relative link of a page leads somewhere."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link]
    assert [] == [path for path in (*named_paths(text), *links) if not exists(path, page)]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_verbs_exist(page: Path) -> None:
    """Every `./dev VERB` of a page is a verb."""
    usage = subprocess.run([REPOSITORY / "dev"], capture_output=True, text=True, check=True).stdout
    verbs = set(re.findall(r"^  ([a-z]+) ", usage, re.MULTILINE))
    named = VERB.findall((REPOSITORY / page).read_text(encoding="utf-8"))
    assert [] == [verb for verb in named if verb.rstrip("`.,:;") not in verbs]


def test_dead_path_is_seen() -> None:
    """A path that does not exist is found, patterns and other people's paths are left alone."""
    text = "`docs/gone.md` `core/gone` `docs/*.md` `shop/web` `examples` `tests/contract/test_docs.py::test_x`"
    assert ["docs/gone.md", "core/gone", "tests/contract/test_docs.py"] == list(named_paths(text))
    assert not exists("docs/gone.md", Path("README.md"))
