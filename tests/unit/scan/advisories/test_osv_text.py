"""OSV records are cut out of the three forms in which they travel."""

import io
import json

import pytest

from tidewaiter.scan.advisories.osv_text import first_record, is_osv, osv_parts
from tidewaiter.scan.json_stream import JsonStreamError

RECORD = {"id": "X-1", "modified": "2026-01-01T00:00:00Z", "affected": []}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (json.dumps(RECORD), ["line 1"]),
        (json.dumps(RECORD, indent=1), [""]),
        (f"{json.dumps(RECORD)}\n\n{json.dumps(RECORD)}\n", ["line 1", "line 3"]),
        (json.dumps([RECORD, RECORD]), ["element 0", "element 1"]),
    ],
)
def test_forms(text, places):
    """Each form is recognised, and every record comes back whole."""
    assert is_osv(text.encode())
    found = list(osv_parts(io.BytesIO(text.encode())))
    assert places == [place for place, _ in found]
    assert [RECORD] * len(places) == [json.loads(data) for _, data in found]


def test_cut_array_is_told():
    """What stands before the cut is given, then the damage."""
    parts = osv_parts(io.BytesIO(json.dumps([RECORD, RECORD]).encode()[:-5]))
    next(parts)
    with pytest.raises(JsonStreamError, match="ends in the middle"):
        list(parts)


def test_other_texts_are_no_osv():
    """Neither an empty text nor another object is taken for a record."""
    assert [False] * 4 == [is_osv(text) for text in (b"", b"{}", b"[]", b'{"id": 1, "name": 2}')]


def test_first_record_of_each_form():
    """A mixed document is told by the record it begins with, whichever form it has."""
    other = {"id": "Y-2", "affected": []}
    for text in (
        json.dumps(RECORD) + "\n" + json.dumps(other),
        json.dumps([RECORD, other]),
        json.dumps([RECORD, other], indent=1),
        "\ufeff" + json.dumps(RECORD),
        json.dumps(RECORD, indent=2),
    ):
        assert RECORD == json.loads(first_record(text.encode()))
    assert b'{"id": "X-1' == first_record(b'{"id": "X-1')
    assert b"" == first_record(b"")
