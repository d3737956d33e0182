"""`tidewaiter db` from the outside."""

import json

import pytest

from tidewaiter.cli import main

RECORD = {"id": "GHSA-1", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "versions": ["1"]}]}  # fmt: skip


def call(capsys, *arguments):
    """Run the command line; return exit code, output and errors."""
    with pytest.raises(SystemExit) as caught:
        main(["db", *arguments])
    captured = capsys.readouterr()
    return caught.value.code, captured.out, captured.err


@pytest.fixture
def record(tmp_path):
    """Return a file with one good record and one broken one."""
    path = tmp_path / "record.jsonl"
    path.write_text(json.dumps(RECORD) + "\n{\n")
    return path


def test_import_then_status(tmp_path, capsys, record):
    """What was imported and what was not are both told; the state names feed, ecosystem and age."""
    database = str(tmp_path / "db")
    code, out, err = call(capsys, "import", str(record), "--db", database)
    assert (0, f"imported 1 record of 1 document into {database}: osv 1\n") == (code, out)
    assert f"warning: {record} line 2" in err
    code, out, err = call(capsys, "status", "--db", database)
    assert (0, "") == (code, err)
    assert "osv" in out
    assert "npm" in out
    code, out, _ = call(capsys, "status", "--db", database, "--format", "json")
    facts = json.loads(out)
    assert (0, "tidewaiter.dev/advisories/v1") == (code, facts["schema"])
    assert [("npm", "osv", 1)] == [(one["ecosystem"], one["feed"], one["records"]) for one in facts["ecosystems"]]
    assert facts["feeds"][0]["ageHours"] > 0


def test_default_file_comes_from_the_environment(tmp_path, capsys, record, monkeypatch):
    """Without `--db` the file of the settings is used."""
    monkeypatch.setenv("TIDEWAITER_DB", str(tmp_path / "deep" / "db"))
    assert 2 == call(capsys, "status")[0]
    assert 0 == call(capsys, "import", str(record))[0]
    assert 0 == call(capsys, "status")[0]


def test_damaged_document_is_incomplete(tmp_path, capsys, record):
    """A document that could not be read to its end exits 3, the others are taken."""
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04")
    code, out, err = call(capsys, "import", str(record), str(broken), "--db", str(tmp_path / "db"))
    assert 3 == code
    assert "imported 1 record of" in out
    assert "damaged archive" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import"], "nothing to import"),
        (["import", "/nonexistent"], "does not exist"),
        (["status", "--db", "/nonexistent"], "no advisory data"),
        (["status", "--db", __file__], "not an advisory file"),
    ],
)
def test_bad_input_is_told(capsys, arguments, words):
    """What, where, what to do; no traceback."""
    code, out, err = call(capsys, *arguments)
    assert (2, "") == (code, out)
    assert words in err
    assert "hint: " in err
    assert "Traceback" not in err
