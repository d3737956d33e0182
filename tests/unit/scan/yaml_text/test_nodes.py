# ruff: noqa: D103 - the names of the tests are their promises
"""The tree with places agrees with the values and places that reading keeps."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.scan.yaml_text import load_documents
from tidewaiter.scan.yaml_text.nodes import Node, compose, scalar_value
from tidewaiter.scan.yaml_text.positions import Lines, child, find_start, parse_pointer

WRITTEN = """# head
base: &base
  image: &i "a:1"   # why
  ports: [80, 0x50]
web:
  <<: *base
  name: web
  list:
    - *i
    - {k: !!str 12, "q q": ~}
other: {<<: [*base, {z: 1}], y!: 2}
text: |
  one
  two
"""
WORDS = st.text(alphabet="abc/~ é", min_size=1, max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | WORDS,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(WORDS, children, max_size=3),
    max_leaves=15,
)


def _value(node: Node):
    node = node.resolved()
    if node.kind == "scalar":
        return scalar_value(node)
    if node.kind == "list":
        return [_value(item) for _, item in node.children]
    merged = {}
    for key, item in node.fields():
        if key.is_merge():
            found = _value(item)
            for source in reversed(found if isinstance(found, list) else [found]):
                merged.update(source)
    return {**merged, **{key.key(): _value(item) for key, item in node.fields() if not key.is_merge()}}


def _pointers(value, prefix=""):
    yield prefix
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield from _pointers(item, f"{prefix}/{str(key).replace('~', '~0').replace('/', '~1')}")


def _agrees(text):
    (document,) = load_documents(text.encode(), "f.yaml")
    assert document.error is None
    root = compose(text.encode())
    assert _value(root) == document.value
    lines = Lines(text)
    for pointer in _pointers(document.value):
        assert lines.at(find_start(root, pointer)) == document.positions.find(pointer)


def test_anchors_merges_and_styles_agree():
    _agrees(WRITTEN)


@given(VALUES, st.booleans())
def test_dumped_documents_agree(value, flow):
    _agrees(yaml.safe_dump([value], allow_unicode=True, default_flow_style=flow))


def test_spans_cover_what_is_written():
    root = compose(WRITTEN.encode())
    found = {}
    for pointer in ("/base/image", "/base/ports", "/web/list/1", "/other"):
        node = root
        for part in parse_pointer(pointer):
            node = child(node.resolved(), part)[1]
        found[pointer] = WRITTEN[node.start : node.end]
    assert found == {
        "/base/image": '&i "a:1"',
        "/base/ports": "[80, 0x50]",
        "/web/list/1": '{k: !!str 12, "q q": ~}',
        "/other": "{<<: [*base, {z: 1}], y!: 2}",
    }


def test_an_empty_text_has_no_tree():
    assert compose(b"# nothing\n") is None


@pytest.mark.parametrize(("text", "place"), [("a\r\nb", (2, 1)), ("a\rb", (2, 1)), ("a\nb", (2, 1)), ("ab", (1, 2))])
def test_every_line_ending_counts_once(text, place):
    position = Lines(text).at(text.index("b"))
    assert (position.line, position.column) == place


@pytest.mark.parametrize("pointer", ["/a/9", "/a/-1", "/a/00000000000000000001", "/a/x", "/zz/0"])
def test_fields_that_are_not_there_lead_to_their_ancestor(pointer):
    for name, text in (("f.yaml", "a: [1]\n"), ("f.json", json.dumps({"a": [1]}))):
        (document,) = load_documents(text.encode(), name)
        assert document.positions.find(pointer).line == 1
