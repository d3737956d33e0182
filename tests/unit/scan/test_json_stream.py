"""Cutting large JSON documents into members."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.scan.json_stream import JsonStreamError, keys_at, members


def cut(data, size=3, limit=1 << 20):
    """Return the members of a document that arrives in small chunks."""
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    return [(json.loads(key) if key else None, json.loads(raw)) for key, raw in members(chunks, limit=limit)]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(
    document=st.dictionaries(st.text(max_size=6), values, max_size=5),
    size=st.integers(1, 40),
    indent=st.none() | st.just(1),
)
def test_objects(document, size, indent):
    """Every member arrives whole, in order, whatever the chunks and the layout are."""
    data = json.dumps(document, indent=indent).encode()
    assert list(document.items()) == cut(data, size)


@given(document=st.lists(values, max_size=5), size=st.integers(1, 40))
def test_arrays(document, size):
    """An array gives its elements without keys."""
    assert [(None, value) for value in document] == cut(json.dumps(document, ensure_ascii=False).encode(), size)


@given(data=st.binary(max_size=60))
def test_any_bytes_are_survived(data):
    """Damage raises the one error of this module or gives raw members."""
    with contextlib.suppress(JsonStreamError):
        assert list(members([data], limit=100)) is not None


@pytest.mark.parametrize("data", [b"", b"  ", b"7", b'"text"', b'{"a": 1', b'{"a": "unclosed', b"[1, [2", b"x{}"])
def test_damage_is_told(data):
    """A document that is cut off or no container is refused."""
    with pytest.raises(JsonStreamError):
        list(members([data], limit=100))


def test_one_broken_member_costs_no_other():
    """Only brackets and strings are looked at."""
    assert [(b'"a"', b" tru"), (b'"b"', b" 2")] == list(members([b'\xef\xbb\xbf{"a": tru,"b": 2}'], limit=100))


def test_a_member_is_bounded():
    """A member that never ends is refused before it fills the memory."""
    with pytest.raises(JsonStreamError, match="larger than 1000"):
        list(members([b'{"a": "' + b"x" * 800, b"y" * 800], limit=1000))


def test_a_text_is_bounded():
    """A string that never ends is refused early: each chunk of it is looked at again."""
    chunks = (b'["' if number == 0 else b"a" * (1 << 20) for number in range(40))
    with pytest.raises(JsonStreamError, match="one text is longer"):
        list(members(chunks, limit=1 << 30))


def test_keys_of_a_text_that_is_cut_off():
    """Keys are found at their depth, values and keys of other depths are not."""
    head = b'{"id": "affected", "a": {"b": 1, "c": [{"d": 2}]}, "last": {"e": "unclo'
    assert (("id", "a", "last"), ("b", "c", "e"), ()) == tuple(keys_at(head, depth) for depth in (1, 2, 3))
    assert ("id",) == keys_at(b'{"id": 1}\n{"other": 2}', 1)
