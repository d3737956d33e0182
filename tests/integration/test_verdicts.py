"""Verdicts by hand over all families, from small documents in the feeds' own formats: each rule and its opposite."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from advisory_data import check_line, import_into
from tidewaiter.adapters.store import SqliteAdvisories, open_advisories

HERE = Path(__file__).parent
LINES: list[dict[str, Any]] = [json.loads(text) for text in (HERE / "verdicts.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def of_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], SqliteAdvisories]]:
    """Return the data of one document, each imported once."""
    opened: dict[str, SqliteAdvisories] = {}

    def data(name: str) -> SqliteAdvisories:
        if name not in opened:
            database = tmp_path_factory.mktemp("verdicts") / "db"
            result = import_into(database, HERE / "verdicts" / name)
            assert (0, 0, ()) == (result.broken_records, result.broken_documents, result.unrecognised)
            opened[name] = open_advisories(database)
        return opened[name]

    yield data
    for one in opened.values():
        one.close()


@pytest.mark.parametrize("line", LINES, ids=[f"{place}-{line['because']}" for place, line in enumerate(LINES, 1)])
def test_verdict(line, of_file):
    """The document gives the verdict that was derived from it by hand."""
    check_line(line, of_file(line["file"]))


def test_every_family_is_there():
    """No family of distributions is without verdicts, and positive and negative ones are there."""
    assert len({line["os"] for line in LINES}) >= 15
    assert {"affected", "fixed", "not_affected", "unknown", "will_not_fix", "fix_deferred", "end_of_life"} <= {
        line["expect"] for line in LINES
    }
