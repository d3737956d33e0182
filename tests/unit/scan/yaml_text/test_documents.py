# ruff: noqa: D103 - the names of the tests are their promises
"""Documents: values as Kubernetes reads them, one defect never hides a neighbour."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.scan.yaml_text import Limits, load_documents


def values(text):
    return [document.value for document in load_documents(text.encode(), "f.yaml")]


def error(text, file="f.yaml", limits=None):
    data = text if isinstance(text, bytes) else text.encode()
    found = [item.error for item in load_documents(data, file, *([limits] if limits else [])) if item.error is not None]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("off", False),
        ("y", True),
        ("NO", False),
        ("tRue", "tRue"),
        ("~", None),
        ("", None),
        ("010", 8),
        ("0o10", 8),
        ("0x1F", 31),
        ("-0b11", -3),
        ("08", 8),
        ("1_000", 1000),
        ("1:30", "1:30"),
        ("2001-01-01", "2001-01-01"),
        ("1e3", 1000),
        ("1.0", 1),
        ("1.5", 1.5),
        (".5", 0.5),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("9223372036854775807", 9223372036854775807),
        ("99999999999999999999", 100000000000000000000.0),
        ("9" * 5000, "9" * 5000),
        ('"yes"', "yes"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!custom 12", "12"),
        ("0.0.0.0", "0.0.0.0"),
        ("+", "+"),
    ],
)
def test_plain_scalars_mean_what_kubernetes_makes_of_them(text, value):
    found = values(f"a: {text}\n")[0]["a"]
    assert (found, type(found)) == (value, type(value))


def test_keys_become_text():
    assert values("1: a\ntrue: b\n0x10: c\nyes!: d\n") == [{"1": "a", "true": "b", "16": "c", "yes!": "d"}]


def test_merge_keys_give_way_to_own_fields_and_earlier_sources():
    text = "a: &a {x: 1, y2: 2}\nb: &b {x: 3, z: 4}\nc:\n  x: 0\n  <<: [*a, *b]\n"
    assert values(text)[0]["c"] == {"x": 0, "y2": 2, "z": 4}


def test_documents_are_counted_as_yaml_libraries_count_them():
    text = "# head\n---\na: 1\n---\n# only a comment\n---\nb: 2\n...\n# tail\n"
    assert values(text) == [{"a": 1}, None, {"b": 2}] == list(yaml.safe_load_all(text))


def test_a_broken_document_leaves_its_neighbours():
    documents = load_documents(b"a: 1\n---\nb: [\n---\nc: 3\n", "f.yaml")
    assert [document.value for document in documents] == [{"a": 1}, None, {"c": 3}]
    assert str(documents[1].error.location).startswith("f.yaml:")
    assert documents[1].error.advice


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("a: 1\na: 2\n", "`a` occurs twice", "f.yaml:2:1"),
        ("x: &a [*a]\n", "contains itself", "f.yaml:1:8"),
        ("x: *nope\n", "names no anchor", "f.yaml:1:4"),
        ("a:\n\tb: 1\n", "a tab", "f.yaml:2:1"),
        ("? [1]\n: 2\n", "cannot be the name", None),
        ("~: 1\n", "null cannot be the name", "f.yaml:1:1"),
        (b"a: \xff\n", "not UTF-8", "f.yaml:1:4"),
        (b"a: 1\nb: \x00\n", "NUL", "f.yaml:2:4"),
        ("a: {{ .Values.x }}\n", "Helm or Go template", None),
        ("<<: 1\n", "takes an alias of a map", None),
        ("[" * 201 + "]" * 201, "deeper than 200", None),
    ],
)
def test_defects_are_told_with_their_place(text, words, place):
    unknown = error(text)
    assert words in unknown.reason
    assert unknown.incomplete
    if place is not None:
        assert str(unknown.location) == place


def test_aliases_that_multiply_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "aliases repeat more than" in error("\n".join(lines)).reason


def test_aliases_cannot_nest_past_the_depth():
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [[[[[[[[[[*a{n - 1}]]]]]]]]]]" for n in range(1, 30)]
    assert "nest deeper" in error("\n".join(lines)).reason


def test_size_nodes_and_documents_are_bounded():
    assert "more than the bound" in error("a: 1\n" * 10, limits=Limits(size=20)).reason
    assert "fields and items" in error("[[],[],[],[]]", limits=Limits(nodes=3)).reason
    assert "documents" in error("---\n" * 5, limits=Limits(documents=4)).reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_understood(encoding):
    assert load_documents("a: ü\n".encode(encoding), "f.yaml")[0].value == {"a": "ü"}


def test_half_a_utf16_file_is_an_error():
    assert "byte order mark" in error(b"\xff\xfea").reason


def test_crlf_lines_are_counted_once():
    document = load_documents(b"# c\r\n---\r\na: 1\r\nb:\r\n- x\r\n- z\r\n", "f.yaml")[0]
    assert document.value == {"a": 1, "b": ["x", "z"]}
    position = document.positions.find("/b/1")
    assert (position.line, position.column) == (6, 3)


def test_positions_name_the_field_or_its_nearest_ancestor():
    text = "x: 0\n---\nspec:\n  # c\n  list:\n    - name: a\n      é: {k: 1}\n"
    positions = load_documents(text.encode(), "f.yaml")[1].positions
    found = {
        pointer: (positions.find(pointer).line, positions.find(pointer).column)
        for pointer in ("/spec", "/spec/list/0", "/spec/list/0/é/k", "/spec/missing/deep", "/nope")
    }
    assert found == {
        "/spec": (3, 1),
        "/spec/list/0": (6, 7),
        "/spec/list/0/é/k": (7, 11),
        "/spec/missing/deep": (3, 1),
        "/nope": (2, 1) if positions.find("/nope").line == 2 else (3, 1),
    }


def test_positions_of_merged_fields_lead_to_their_source():
    text = "a: &a\n  x: 1\nb:\n  <<: *a\n  z: 2\n"
    positions = load_documents(text.encode(), "f.yaml")[0].positions
    assert [positions.find(pointer).line for pointer in ("/b/x", "/b/z")] == [2, 5]


def test_json_documents_have_values_and_positions():
    text = '{"a": {"b\\ud83d\\ude00": [1, "x"]}}\n{"c": 1e2}\n'
    first, second = load_documents(text.encode(), "f.json")
    assert (first.value, second.value) == ({"a": {"b😀": [1, "x"]}}, {"c": 100.0})
    assert first.positions.find("/a/b😀/1").column == 29
    assert (second.positions.find("/c").line, second.positions.find("/c").column) == (2, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', "`a` occurs twice"),
        ('{"a": {"x": 1}, "b": {"x": 1, "x": 2}}', "`x` occurs twice"),
        ('{"a": NaN}', "NaN"),
        ('{"a": 1e999}', "too large"),
        ('{"a": "\\ud800"}', "surrogate"),
        ('{"a": 1', "expecting"),
        ("[" * 100_000, "deeper"),
        ("[" * 300 + "]" * 300, "deeper"),
        ('{"a": ' + "1" * 5000 + "}", "digits"),
    ],
)
def test_json_defects_are_told(text, words):
    assert words in error(text, "f.json").reason


def test_flow_style_yaml_that_begins_like_json_is_read():
    assert values("{a: 1, b: [x]}\n") == [{"a": 1, "b": ["x"]}]


@pytest.mark.parametrize("text", ["[" * 200_000, "\r\n" * 50_000 + "x", " " * 200_000 + "x", "#" * 200_000 + "\n---\n"])
def test_long_runs_are_read_in_linear_time(text):
    """A quadratic or exponential pattern would make this test run for minutes."""
    assert len(load_documents(text.encode(), "f.yaml")) == 1


@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_crash(data):
    for name in ("f.yaml", "f.json"):
        for document in load_documents(data, name):
            document.positions.find("/a/0")


@given(st.text(alphabet="ab:-?[]{}&*!|>'\"#%@,\n\t 01<.~", max_size=120))
def test_texts_of_yaml_characters_never_crash_and_agree_with_the_reference(text):
    documents = load_documents(text.encode(), "f.yaml")
    if any(document.error for document in documents):
        return
    try:
        reference = list(yaml.compose_all(text, Loader=yaml.CBaseLoader))
    except yaml.YAMLError:
        return
    assert len(documents) == len(reference)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=8),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=6), children, max_size=4),
    max_leaves=20,
)


def pointers(value, prefix=""):
    yield prefix, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from pointers(child, f"{prefix}/{str(key).replace('~', '~0').replace('/', '~1')}")


@given(JSON, st.booleans())
def test_positions_point_at_the_text_of_the_field(value, indented):
    value = [value]
    text = json.dumps(value, indent=2 if indented else None)
    lines = text.split("\n")
    document = load_documents(text.encode(), "f.json")[0]
    assert document.value == value
    for pointer, child in pointers(value):
        position = document.positions.find(pointer)
        rest = lines[position.line - 1][position.column - 1 :]
        key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        assert rest.startswith((json.dumps(key) + ":", json.dumps(child)[:1]))


@given(JSON)
def test_yaml_dumped_by_a_library_is_read_back(value):
    text = yaml.safe_dump([value], allow_unicode=True)
    document = load_documents(text.encode(), "f.yaml")[0]
    reference = load_documents(json.dumps([value]).encode(), "f.json")[0]
    if document.error is None and not _has_look_alikes(value):
        assert document.value == reference.value


def _has_look_alikes(value):
    """Tell whether a text is plain for PyYAML and a number or word for Go, which `safe_dump` cannot know."""
    return any(isinstance(child, str | dict) for _, child in pointers(value))
