"""Whole advisory files."""

import json
import os
import threading
import time

import pytest

from advisory_data import NOW, import_into, write
from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feeds import registry
from tidewaiter.adapters.store import (
    build_advisories,
    damage,
    describe,
    difference,
    fresh_file,
    install,
    previous,
    replace,
    restore,
)
from tidewaiter.operations.advisories import import_advisories
from tidewaiter.ports.advisories import AdvisoryError


def record(identity, version):
    """Return a line of OSV."""
    return json.dumps({"id": identity, "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "versions": [version]}]})  # fmt: skip


@pytest.fixture
def make(tmp_path):
    """Return a function that builds a file of records."""

    def build(name, *records):
        import_into(tmp_path / name, write(tmp_path / "in", f"{name}.jsonl", [record(*one) for one in records]))
        return tmp_path / name

    return build


def test_install_keeps_the_previous_file(make):
    """The file before is kept, and comes back and forth."""
    one, two = make("one", ("MAL-1", "1")), make("two", ("MAL-1", "2"))
    before, after = one.read_bytes(), two.read_bytes()
    install(two, one)
    assert (after, before) == (one.read_bytes(), previous(one).read_bytes())
    assert describe(one).sha256 == restore(one).sha256 or before == one.read_bytes()
    assert (before, after) == (one.read_bytes(), previous(one).read_bytes())


@pytest.mark.parametrize("size", [-1, -3000, 1])
def test_size_is_that_of_the_header(make, size):
    """A file that lost or won bytes at its end is damaged, although SQLite reads it."""
    one = make("one", ("MAL-1", "1"))
    data = one.read_bytes()
    one.write_bytes(data[:size] if size < 0 else data + b"x")
    assert damage(one)[-1:] == (f"the file has {len(data) + size} bytes, its header says {len(data)}",)


def test_first_file_has_no_previous(tmp_path, make):
    """Nothing can be taken back where nothing was before."""
    new = tmp_path / "deep" / "db"
    install(make("one", ("MAL-1", "1")), new)
    with pytest.raises(AdvisoryError, match="no previous version"):
        restore(new)


def test_damaged_files_are_refused(tmp_path, make):
    """A file with broken pages is neither installed nor taken back."""
    one, two = make("one", ("MAL-1", "1")), make("two", ("MAL-1", "2"))
    data = two.read_bytes()
    two.write_bytes(data[: len(data) - 4096] + b"\xff" * 4096)
    assert damage(two)
    before = one.read_bytes()
    with pytest.raises(AdvisoryError, match="is damaged"):
        install(two, one)
    previous(one).write_bytes(two.read_bytes())
    with pytest.raises(AdvisoryError, match="is damaged"):
        restore(one)
    assert before == one.read_bytes()


def test_orphans_are_damage(make):
    """Rows that name no record are told, although the file is well-formed."""
    import sqlite3  # noqa: PLC0415 - only to break a file

    one = make("one", ("MAL-1", "1"))
    with sqlite3.connect(one) as connection:
        connection.execute("DELETE FROM vuln")
    connection.close()
    assert ("1 rows of affected name no vuln",) == damage(one)


def test_unwritable_places(tmp_path, make):
    """A folder that cannot be written is told with advice."""
    one = make("one", ("MAL-1", "1"))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(AdvisoryError, match="cannot be written"):
        install(one, tmp_path / "file" / "db")
    with pytest.raises(AdvisoryError, match="cannot be written"), fresh_file(tmp_path / "file" / "db"):
        pass
    with pytest.raises(AdvisoryError, match="cannot be written"):
        replace(tmp_path / "none", tmp_path / "other")


def test_without_hard_links(make, monkeypatch):
    """Where a file system has no hard links, the previous file is a copy."""

    def refuse(*_):
        raise OSError

    one, two = make("one", ("MAL-1", "1")), make("two", ("MAL-1", "2"))
    before = one.read_bytes()
    monkeypatch.setattr(os, "link", refuse)
    install(two, one)
    assert before == previous(one).read_bytes()


def test_difference(make):
    """Added, changed and removed records are told; equal ones are not."""
    old = make("old", ("MAL-1", "1"), ("MAL-2", "1"), ("MAL-3", "1"))
    new = make("new", ("MAL-2", "1"), ("MAL-3", "2"), ("MAL-4", "1"))
    changes = difference(old, new)
    assert [("removed", "MAL-1"), ("changed", "MAL-3"), ("added", "MAL-4")] == [
        (one.kind, one.id) for one in changes.changes
    ]
    assert (("npm", 1, 1, 1),) == changes.counts()
    assert () == difference(new, new).changes
    with pytest.raises(AdvisoryError):
        difference(old, old.with_name("none"))


def test_writers_wait_for_each_other(tmp_path):
    """Two imports at once: the slower one continues what the faster one made, nothing is lost."""
    started = threading.Event()

    def slow():
        with build_advisories(tmp_path / "db", now=NOW) as builder:
            started.set()
            documents = open_documents(write(tmp_path / "in", "slow.jsonl", [record("MAL-1", "1")]))
            time.sleep(0.5)
            import_advisories(documents, feeds=registry(), builder=builder)

    thread = threading.Thread(target=slow)
    thread.start()
    started.wait(20)
    import_into(tmp_path / "db", write(tmp_path / "in", "fast.jsonl", [record("MAL-2", "1")]))
    thread.join()
    assert 2 == describe(tmp_path / "db").records


def test_remains_of_killed_writers_go_after_a_day(tmp_path, make):
    """Files of other names and young ones stay."""
    make("one", ("MAL-1", "1"))
    names = [".one.old.new", "..one.x.new.old.new", ".one.young.new", ".two.old.new", "one.new"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (0, 0) if "young" not in name else None)
    make("one", ("MAL-1", "1"))
    assert names[2:] == [name for name in names if (tmp_path / name).exists()]
