"""Verdicts derived by hand from original documents, through the whole way: import, file, matching."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from advisory_data import check_line as check
from advisory_data import import_into
from shared import SHARED, shared
from tidewaiter.adapters.store import SqliteAdvisories, open_advisories

pytestmark = pytest.mark.corpus


def lines() -> Iterator[dict[str, Any]]:
    """Yield every expected line: of the corpus, of the set that is held back if it is there, of ours."""
    for name in ("expected.jsonl", "expected-hidden.jsonl"):
        path = SHARED / "feeds" / name
        for text in path.read_text().splitlines() if path.exists() else ():
            yield json.loads(text)
    more = Path(__file__).parent / "feed-verdicts.jsonl"
    yield from (json.loads(text) for text in more.read_text().splitlines())


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteAdvisories]:
    """Import every document of the feeds once."""
    database = tmp_path_factory.mktemp("everything") / "db"
    result = import_into(database, shared("feeds"))
    assert result.items > 10_000
    with open_advisories(database) as data:
        yield data


@pytest.fixture(scope="module")
def of_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], SqliteAdvisories]]:
    """Return the data of one file alone, each imported once."""
    opened: dict[str, SqliteAdvisories] = {}

    def data(name: str) -> SqliteAdvisories:
        if name not in opened:
            database = tmp_path_factory.mktemp("file") / "db"
            result = import_into(database, shared(f"feeds/{name}"))
            assert (0, 0) == (result.broken_records, result.broken_documents)
            opened[name] = open_advisories(database)
        return opened[name]

    yield data
    for one in opened.values():
        one.close()


ALL = list(lines())
NAMES = [f"{place}-{line['package']}-{line['cve']}" for place, line in enumerate(ALL, 1)]


@pytest.mark.parametrize("line", ALL, ids=NAMES)
def test_expected_line(line, of_file):
    """The document of the line alone gives its verdict."""
    check(line, of_file(line["file"]))


@pytest.mark.parametrize("line", ALL, ids=NAMES)
def test_expected_line_among_all_documents(line, everything):
    """All documents of all feeds together give the same verdict, unless another one speaks of the defect too."""
    if line.get("alone"):
        return
    check(line, everything)


def test_lines_are_there():
    """The corpus did not shrink to nothing."""
    shared("feeds/expected.jsonl")
    assert len(ALL) >= 65


@pytest.mark.parametrize(
    "name", ["pypi-osv.jsonl.gz", "ghsa-npm-maven-osv.jsonl.gz", "debian-derived", "kev.json.gz", "epss.csv.gz"]
)
def test_shared_advisories_have_no_broken_record(name: str, tmp_path: Path):
    """Every record of the shared files that we read is read without complaint."""
    result = import_into(tmp_path / "db", shared(f"advisories/{name}"))
    assert (0, 0, ()) == (result.broken_records, result.broken_documents, result.unrecognised)
    assert result.items
