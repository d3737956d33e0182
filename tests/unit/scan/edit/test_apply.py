"""Changes in place: the same as on plain data, and nothing else moves."""

import json
import subprocess
from textwrap import dedent

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.finding import JsonPatch, ManualChange, ReplaceText
from tidewaiter.scan.edit import EditError, apply, diff
from tidewaiter.scan.edit.values import patched, same
from tidewaiter.scan.yaml_text import load_documents

POD = dedent(
    """\
    # the front
    apiVersion: v1
    kind: Pod
    metadata: {name: web}   # short
    spec:
      containers:
      - name: web  # the only one
        image: "shop/web:1"
        env: []
        securityContext:
          # agreed with security
          privileged: true

          capabilities: {add: [SYS_ADMIN, NET_RAW]}
      - image: 'b'
        name: side
    ---
    kind: Other
    """
)
WEB = "/spec/containers/0"


def change(text: str, op: str, path: str, value: object = None, document: int = 0) -> str:
    """Apply one patch."""
    return apply(text, [JsonPatch(file="f.yaml", document=document, op=op, path=path, value=value)])


def changed_lines(before: str, after: str) -> list[str]:
    """Return the removed and added lines."""
    return [line for line in diff(before, after, "f").splitlines()[2:] if line[:1] in "+-"]


@pytest.mark.parametrize(
    ("op", "path", "value", "lines"),
    [
        ("replace", f"{WEB}/securityContext/privileged", False, ["-      privileged: true", "+      privileged: false"]),
        ("add", f"{WEB}/securityContext/runAsUser", 65532, ["+      runAsUser: 65532"]),
        (
            "add",
            f"{WEB}/securityContext/capabilities/drop",
            ["ALL"],
            [
                "-      capabilities: {add: [SYS_ADMIN, NET_RAW]}",
                "+      capabilities: {add: [SYS_ADMIN, NET_RAW], drop: [ALL]}",
            ],
        ),
        (
            "add",
            "/spec/containers/1/securityContext/capabilities/drop",
            ["ALL"],
            ["+    securityContext:", "+      capabilities:", "+        drop:", "+        - ALL"],
        ),
        (
            "remove",
            f"{WEB}/securityContext/capabilities/add/0",
            None,
            [
                "-      capabilities: {add: [SYS_ADMIN, NET_RAW]}",
                "+      capabilities: {add: [NET_RAW]}",
            ],
        ),
        ("remove", "/spec/containers/1/image", None, ["-  - image: 'b'", "-    name: side", "+  - name: side"]),
        ("remove", f"{WEB}/name", None, None),
        ("add", f"{WEB}/env/-", {"name": "A", "value": "yes"}, None),
        ("add", "/spec/automountServiceAccountToken", False, ["+  automountServiceAccountToken: false"]),
        ("add", "/metadata/labels/team", "pay", ["-metadata: {name: web}   # short", "+metadata: {name: web, labels: {team: pay}}   # short"]),
        ("add", "/spec/containers/0", {"name": "x"}, ["+  - name: x"]),
        ("remove", "/spec/containers/1", None, ["-  - image: 'b'", "-    name: side"]),
    ],
)  # fmt: skip
def test_a_change_touches_only_its_lines(op: str, path: str, value: object, lines: list[str] | None) -> None:
    """Comments, quotes, order and the other document stay as they were."""
    after = change(POD, op, path, value)
    if lines is not None:
        assert lines == changed_lines(POD, after)
    wanted = patched(load_documents(POD.encode(), "f")[0].value, JsonPatch(file="", op=op, path=path, value=value))
    assert same(wanted, load_documents(after.encode(), "f")[0].value)


def test_a_field_without_value_takes_the_missing_ones() -> None:
    """`securityContext:` with nothing behind it is filled, not written twice."""
    assert "a:\n  b:\n    c: 1\n" == change("a:\n", "add", "/a/b/c", 1)
    assert "a:\n  b: 1\nz: 2\n" == change("a: {}\nz: 2\n", "add", "/a/b", 1)


def test_list_style_is_taken_from_the_text() -> None:
    """A text that indents its lists gets indented lists."""
    assert "a:\n  - 1\nb:\n  c:\n    - ALL\n" == change("a:\n  - 1\nb:\n  c: []\n", "add", "/b/c/-", "ALL")


def test_texts_that_look_like_something_else_are_quoted() -> None:
    """`yes`, `010` and `a: b` stay texts."""
    for text in ("yes", "010", "a: b", "- x", "", "#c", "null", "1e3", "~", "é\n", "a #b", "\U0001f600\u2028\x7f"):
        assert text == load_documents(change("a: 1\n", "replace", "/a", text).encode(), "f")[0].value["a"]


def test_json_stays_json() -> None:
    """A JSON file keeps its indentation and its quotes."""
    text = json.dumps({"spec": {"a": [1, 2], "e": {}}, "x": 1}, indent=4) + "\n"
    after = change(text, "add", "/spec/securityContext/drop", ["ALL"])
    assert json.loads(after)["spec"]["securityContext"] == {"drop": ["ALL"]}
    assert json.dumps(json.loads(after), indent=4) == change(after, "add", "/spec/e/k", True).replace(
        '"k": true', ""
    ).replace("{\n            \n        }", "{}").rstrip("\n")
    assert '{"a": {"b": 1}}' == change('{"a": {}}', "add", "/a/b", 1)


def test_windows_line_ends_and_byte_order_mark_stay() -> None:
    """A file of another platform keeps its conventions."""
    assert "\ufeffa: 1\r\nb: 2\r\n" == change("\ufeffa: 1\r\n", "add", "/b", 2)


def test_a_missing_final_line_break_is_no_obstacle() -> None:
    """The last line may end the file."""
    assert "a: 1\nb: 2" == change("a: 1", "add", "/b", 2)


@pytest.mark.parametrize(
    ("text", "op", "path"),
    [
        ("a: &x {b: 1}\nc: *x\n", "replace", "/a/b"),
        ("a: &x {b: 1}\nc: *x\n", "add", "/c/d"),
        ("a: &x {b: 1}\nc: *x\n", "remove", "/a"),
        ("a: 1\n", "remove", "/b"),
        ("a: 1\n", "add", "/a/b"),
        ("a: [1]\n", "replace", "/a/7"),
        ("a: 1\n", "replace", ""),
        ("just text\n", "add", "/a"),
        ("a: 1\na: 2\n", "add", "/b"),
        ("", "replace", "/b"),
    ],
)
def test_what_cannot_be_changed_is_refused(text: str, op: str, path: str) -> None:
    """A shared, missing or unreadable place is told, never guessed."""
    with pytest.raises(EditError):
        change(text, op, path, 5)


def test_a_merged_field_is_overridden_where_it_is_used() -> None:
    """The template behind `<<` serves others too, so the change goes beside the merge."""
    text = "base: &b {x: 1}\nweb:\n  <<: *b\n  y: 2\n"
    assert text + "  x: 5\n" == change(text, "replace", "/web/x", 5)


def test_patches_speak_of_the_text_as_it_was() -> None:
    """Removing two items of one list removes exactly these two."""
    patches = [JsonPatch(file="f", op="remove", path=f"/a/{index}") for index in (0, 1)]
    assert "a:\n- z\n" == apply("a:\n- x\n- y\n- z\n", patches)


def test_text_is_replaced_at_or_after_its_line() -> None:
    """Equal text above the line stays."""
    text = "FROM a\nRUN x\nFROM a\n"
    assert "FROM a\nRUN x\nFROM b\n" == apply(
        text, [ReplaceText(file="f", line=2, find="FROM a", replacement="FROM b")]
    )
    with pytest.raises(EditError, match="not there"):
        apply(text, [ReplaceText(file="f", line=2, find="RUN y", replacement="")])


def test_a_change_for_a_person_is_refused() -> None:
    """Nothing pretends to have been changed."""
    with pytest.raises(EditError, match="person"):
        apply("a", [ManualChange(identity="x")])


def test_the_diff_is_accepted_by_git(tmp_path) -> None:
    """`git apply` makes of the old text the new one, also without final line breaks."""
    for before, after in ((POD, change(POD, "replace", "/kind", "Job")), ("a: 1", "a: 2\nb: 1"), ("a\r\n", "b\r\n")):
        (tmp_path / "f.yaml").write_bytes(before.encode())
        subprocess.run(["git", "apply", "-"], input=diff(before, after, "f.yaml").encode(), cwd=tmp_path, check=True)
        assert after.encode() == (tmp_path / "f.yaml").read_bytes()
    assert "" == diff("a", "a", "f")


KEYS = st.sampled_from(["a", "b", "name", "yes", "1", "x y", "é", "a/b", "~t"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 99),
    st.sampled_from(["v", "no", "a: b", "x\ny\n", ""]),
    st.floats(allow_nan=False, allow_infinity=False, width=16).filter(lambda f: not f.is_integer()),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
DOCUMENTS = st.one_of(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.lists(VALUES, min_size=1, max_size=3))


def pointers(value: object, so_far: str = "") -> list[str]:
    """Return the pointers of all values below the root, and of one more field of each map and list."""
    found: list[str] = []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in parts:
        pointer = f"{so_far}/{str(key).replace('~', '~0').replace('/', '~1')}"
        found += [pointer, *pointers(item, pointer)]
    if isinstance(value, dict | list):
        found.append(f"{so_far}/{'new' if isinstance(value, dict) else '-'}")
    return found


@given(st.data(), DOCUMENTS, st.sampled_from(["block", "mixed", "flow", "json", "json-lines"]))
def test_an_edited_text_says_what_the_change_on_plain_data_says(
    data: st.DataObject, document: object, style: str
) -> None:
    """parse(edit(text)) == change(parse(text)) in every style, for every place that exists."""
    if style.startswith("json"):
        text = json.dumps(document, indent=2 if style == "json-lines" else None)
    else:
        flow = {"block": False, "mixed": None, "flow": True}[style]
        text = yaml.safe_dump(document, default_flow_style=flow, sort_keys=False, allow_unicode=True)
    read = load_documents(text.encode(), "f")[0]
    assert read.error is None
    patch = JsonPatch(
        file="f",
        op=data.draw(st.sampled_from(["add", "replace", "remove"])),
        path=data.draw(st.sampled_from(pointers(read.value))),
        value=data.draw(VALUES),
    )
    try:
        wanted = patched(read.value, patch)
    except EditError:
        with pytest.raises(EditError):
            apply(text, [patch])
        return
    assert same(wanted, load_documents(apply(text, [patch]).encode(), "f")[0].value)


@given(st.text(alphabet="ab:-[]{}&*# \n'\"|>!?,", max_size=40), st.sampled_from(["add", "replace", "remove"]))
def test_any_text_is_changed_or_refused(text: str, op: str) -> None:
    """Whatever the text, the outcome is the change or `EditError`."""
    for path in ("/a", "/0", "/a/b", "/0/a"):
        try:
            after = change(text, op, path, {"b": ["x"]})
        except EditError:
            continue
        before = load_documents(text.encode(), "f")[0].value
        wanted = patched(before, JsonPatch(file="", op=op, path=path, value={"b": ["x"]}))
        assert same(wanted, load_documents(after.encode(), "f")[0].value)


@pytest.mark.parametrize(
    ("path", "header"),
    [
        ("a b.yaml", "--- a/a b.yaml\n"),
        ("\x1b[31m\u00e4.yaml", '--- "a/\\033[31m\u00e4.yaml"\n'),
        ("a\nb.yaml", '--- "a/a\\nb.yaml"\n'),
        ('a"\\b.yaml', '--- "a/a\\"\\\\b.yaml"\n'),
    ],
)
def test_names_in_a_diff_are_quoted_as_git_does(path, header):
    """A name must neither colour the terminal nor end the header's line."""
    assert diff("a\n", "b\n", path).splitlines(keepends=True)[0] == header
