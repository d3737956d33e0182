"""The account of an import."""

import json

import pytest

from advisory_data import NOW, import_into, write
from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feeds import registry
from tidewaiter.adapters.store import build_advisories
from tidewaiter.operations.advisories import import_advisories
from tidewaiter.ports.advisories import AdvisoryError, Notes

GOOD = json.dumps({"id": "GHSA-1", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "versions": ["1"]}]})  # fmt: skip


def test_account_of_everything(tmp_path):
    """Good, broken, unknown and useless parts are all counted and named."""
    folder = tmp_path / "in"
    write(folder, "good", [GOOD, "{broken", GOOD.replace("npm", "Hackage")])
    write(folder, "remarks", ["hello"])
    (folder / "zip").write_bytes(b"PK\x03\x04")
    result = import_into(tmp_path / "db", folder)
    assert (1, 1, 1, 1) == (result.documents, result.items, result.broken_records, result.broken_documents)
    assert (("osv", 1),) == result.by_feed
    assert (("ecosystem Hackage cannot be matched yet", 1),) == result.skipped
    assert (f"{folder}/remarks",) == result.unrecognised
    assert any("line 2" in str(problem) for problem in result.problems)
    assert any("damaged archive" in str(problem) for problem in result.problems)


def test_progress_names_documents(tmp_path):
    """Progress counts and names the document at hand."""
    said = []
    with build_advisories(tmp_path / "db", now=NOW) as builder:
        documents = open_documents(write(tmp_path, "one", [GOOD]))
        import_advisories(documents, feeds=registry(), builder=builder, progress=said.append)
    assert [f"1 documents, 1 records: {tmp_path}/one"] == said


@pytest.mark.parametrize("lines", [["hello"], [], ["{"]])
def test_nothing_usable(tmp_path, lines):
    """An import of nothing is an error that says what would be read."""
    with pytest.raises(AdvisoryError, match="nothing was imported") as caught:
        import_into(tmp_path / "db", write(tmp_path / "in", "file", lines))
    assert "OSV" in caught.value.advice
    assert not (tmp_path / "db").exists()


def test_problems_are_counted_beyond_those_kept():
    """A document of nothing but broken records costs no memory."""
    notes = Notes("document")
    for number in range(1000):
        notes.problem(f"line {number}", "broken")
    assert (1000, Notes.KEPT) == (notes.problem_count, len(notes.problems))
