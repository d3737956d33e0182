"""Facts of a layer as bytes."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.analyzer import AnalyzerResult
from tidewaiter.scan.image.facts import FactsError, LayerFacts, decode_facts, encode_facts
from tidewaiter.scan.token_format import Token

TEXT = st.text(st.characters(), max_size=6)
"""Lone surrogates included, as which bytes of names that are no UTF-8 are kept."""
PACKAGES = st.builds(Package, type=TEXT, name=TEXT, version=TEXT, requires=st.tuples(TEXT))
RESULTS = st.builds(AnalyzerResult, packages=st.tuples(PACKAGES), owned=st.tuples(st.tuples(TEXT, TEXT)))
UNKNOWNS = st.builds(Unknown, subject=TEXT, reason=TEXT, location=st.none() | st.builds(Location, file=TEXT))
TOKENS = st.builds(Token, rule=TEXT, title=TEXT, redacted=TEXT, line=st.none() | st.integers(0, 9))
FACTS = st.builds(
    LayerFacts,
    names=st.dictionaries(TEXT, TEXT, max_size=3),
    folders=st.sets(TEXT, max_size=3),
    links=st.dictionaries(TEXT, TEXT, max_size=3),
    whiteouts=st.sets(TEXT, max_size=3),
    results=st.dictionaries(TEXT, st.dictionaries(TEXT, RESULTS, max_size=2), max_size=2),
    system=st.dictionaries(TEXT, st.binary(max_size=9), max_size=2),
    tools=st.lists(TEXT, max_size=2),
    modes=st.dictionaries(TEXT, st.integers(0, 0o7777), max_size=2),
    tokens=st.dictionaries(TEXT, st.tuples(TOKENS), max_size=2),
    unknowns=st.lists(UNKNOWNS, max_size=2),
    made_bytes=st.integers(0, 1 << 40),
    is_repeatable=st.booleans(),
)


@given(facts=FACTS)
def test_round_trip(facts: LayerFacts):
    """Whatever a layer holds comes back as it was."""
    assert facts == decode_facts(encode_facts(facts))


@given(facts=FACTS, data=st.data())
def test_other_bytes(facts: LayerFacts, data: st.DataObject):
    """Changed bytes are facts again or FactsError; nothing else escapes."""
    encoded = bytearray(encode_facts(facts))
    for _ in range(data.draw(st.integers(1, 4))):
        encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    del encoded[data.draw(st.integers(0, len(encoded))) :]
    with contextlib.suppress(FactsError):
        decode_facts(bytes(encoded))


@pytest.mark.parametrize("head", [b"\x01", b"\x02"])
@pytest.mark.parametrize("body", [b"\x91" * 3000, msgspec.msgpack.encode({"names": []}), msgspec.msgpack.encode([1])])
def test_other_shapes(head: bytes, body: bytes):
    """Deep nesting and wrong types are FactsError."""
    with pytest.raises(FactsError):
        decode_facts(head + body)
