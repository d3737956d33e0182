"""XML is read element by element, and nothing in it can make it cost more than its size."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.scan.advisories.xml_stream import XmlError, elements, root_name

TEXT = b'<r xmlns:x="u"><x:a id="1"><b>one</b><b>two <c/>three</b></x:a><a/><other><a id="2"/></other></r>'


def read(data, *wanted):
    """Return the wanted elements."""
    return list(elements(io.BytesIO(data), wanted))


def test_wanted_elements():
    """Prefixes do not count, text and children are there, what lies in other elements is found too."""
    first, second, third = read(TEXT, "a")
    assert ("1", ["one", "two three"]) == (first.attributes["id"], [one.text for one in first.all("b")])
    assert ("one", "", "") == (first.text_of("b"), first.text_of("none", "x"), first.attribute_of("id", "none"))
    assert ([], "2") == (second.children, third.attributes["id"])
    assert "r" == root_name(TEXT)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'<!DOCTYPE r [<!ENTITY a "x">]><r>&a;</r>', "document types"),
        (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>', "document types"),
        (b"<r><a>&undefined;</a></r>", "not well-formed"),
        (b"<r><a/>", "not well-formed"),
        (b"", "not well-formed"),
        (b"\xff\xfe", "not well-formed"),
        (b'<?xml version="1.0" encoding="none"?><r/>', "not well-formed"),
        (b"<d>" * 300, "nested deeper"),
        (b"<r>" + b"<a>" * 250, "nested deeper"),
    ],
)
def test_refused(data, message):
    """Entities, documents cut off and deep nesting are told, whatever came before."""
    with pytest.raises(XmlError, match=message):
        read(data, "a")


def test_before_the_damage():
    """Elements that were closed before the damage are given."""
    found = elements(io.BytesIO(b"<r><a/><a/><a"), ("a",))
    assert ["a", "a"] == [next(found).name, next(found).name]
    with pytest.raises(XmlError):
        next(found)


def test_texts_are_bounded():
    """A text longer than any field is cut, not kept."""
    (one,) = read(b"<r><a>" + b"x\n" * 3_000_000 + b"</a></r>", "a")
    assert 1 << 20 <= len(one.text) < 3_000_000


@given(st.binary(max_size=200), st.integers(0, len(TEXT)))
def test_any_bytes(noise, at):
    """Noise at any place gives elements or the one error."""
    for data in (noise, TEXT[:at] + noise + TEXT[at:], TEXT[:at]):
        root_name(data)
        try:
            read(data, "a")
        except XmlError:
            continue
