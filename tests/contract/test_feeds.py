"""Every feed against its own cases: a good document with what it says, a damaged one with what is told."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.adapters.feeds import BUILTIN, registry
from tidewaiter.core.registry import Registry
from tidewaiter.ports.advisories import DocumentError, FeedReader, Notes

CASES = Path(__file__).parent / "feeds"
by_id = pytest.mark.parametrize("feed", BUILTIN, ids=lambda feed: feed.id)


def case(feed: FeedReader, kind: str) -> bytes:
    """Return the only document of a case."""
    (path,) = (CASES / feed.id).glob(f"{kind}.*")
    return path.read_bytes()


def read(feed: FeedReader, data: bytes) -> dict[str, Any]:
    """Return items, problems, what was skipped and a document error as JSON values."""
    notes = Notes("document")
    items: list[Any] = []
    error = ""
    try:
        items.extend(feed.read(io.BytesIO(data), notes))
    except DocumentError as told:
        error = str(told)
    problems = [f"{problem.place}: {problem.reason}" for problem in notes.problems]
    result = {"items": items, "problems": problems, "skipped": notes.skipped, "taken": notes.taken, "error": error}
    return json.loads(msgspec.json.encode(result))


@by_id
@pytest.mark.parametrize("kind", ["good", "damaged"])
def test_cases(feed, kind):
    """A feed says what is recorded."""
    expected = json.loads((CASES / feed.id / f"{kind}-expected.json").read_text())
    assert expected == read(feed, case(feed, kind))


@by_id
def test_good_has_items_and_damaged_has_problems(feed):
    """The good document is read without complaint; the damaged one keeps its good parts and names the broken ones."""
    good, damaged = read(feed, case(feed, "good")), read(feed, case(feed, "damaged"))
    assert good["items"]
    assert (good["problems"], good["error"]) == ([], "")
    assert damaged["problems"]
    assert damaged["items"]


@by_id
def test_recognised_by_itself_only(feed):
    """The first feed that accepts a document is the right one; nonsense is accepted by none."""
    for kind in ("good", "damaged"):
        assert feed.id == next(one.id for one in BUILTIN if one.accepts(case(feed, kind)))
    assert not any(
        feed.accepts(data) for data in (b"", b"\0" * 5000, b"<xml/>", b"[]", b"{}", b"a,b,c\n", gzip.compress(b""))
    )


@by_id
@given(data=st.data())
def test_any_damage_is_survived(feed, data):
    """A document cut anywhere, or with a byte changed, gives items, problems or the one error of documents."""
    good = case(feed, "good")
    at = data.draw(st.integers(0, len(good) - 1))
    byte = data.draw(st.binary(min_size=1, max_size=1))
    for broken in (good[:at], good[:at] + byte + good[at + 1 :]):
        feed.accepts(broken)
        assert read(feed, broken)["problems"] is not None


@by_id
def test_cut_snapshots_are_told(feed):
    """Half a snapshot is never taken for the whole feed, unless it is cut between lines."""
    if feed.is_snapshot and feed.id in {"kev", "debian-tracker"}:
        assert read(feed, case(feed, "good")[:-20])["error"]


OSV = registry()["osv"]
RECORD = {"id": "MAL-1", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "versions": ["1"]}]}  # fmt: skip
LINE = json.dumps(RECORD)
MARK = "\ufeff"


@pytest.mark.parametrize(
    ("text", "items", "problems"),
    [
        (LINE, 1, 0),
        (json.dumps(RECORD, indent=2), 1, 0),
        (MARK + json.dumps(RECORD, indent=2), 1, 0),
        ("\n\n" + LINE + "\n\n" + LINE + "\n", 2, 0),
        ("{broken\n" + LINE, 1, 1),
        (json.dumps([RECORD, 7, RECORD], indent=2), 2, 1),
        (json.dumps([RECORD, RECORD]), 2, 0),
    ],
)
def test_forms_of_osv(text, items, problems):
    """One record over many lines, lines, and an array are told apart by content."""
    assert OSV.accepts(text.encode())
    result = read(OSV, text.encode())
    assert (items, problems, "") == (len(result["items"]), len(result["problems"]), result["error"])


def test_cut_array_of_osv():
    """An array that is cut off keeps what came before, and is told."""
    result = read(OSV, json.dumps([RECORD, RECORD]).encode()[:-9])
    assert (1, "the document ends in the middle") == (len(result["items"]), result["error"])


def test_members_are_named_once():
    """An id that occurs twice is refused; the description carries the member's id."""
    assert [feed.id for feed in BUILTIN] == [feed.id for feed in registry()]
    assert all(feed.id == feed.feed.id for feed in BUILTIN)
    with pytest.raises(ValueError, match="twice"):
        Registry("feeds", [*BUILTIN, BUILTIN[0]])
