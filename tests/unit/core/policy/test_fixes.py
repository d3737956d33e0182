"""Fixes and places: text replacements, removals, computed paths, elements of images."""

import pytest

from policies import DEPLOYMENT, judged, policy, tree
from tidewaiter.core.finding import JsonPatch, ReplaceText
from tidewaiter.core.model.dockerfile import Dockerfile, Instruction
from tidewaiter.core.model.image import Image, Layer, Tool
from tidewaiter.core.model.location import Location

DOCKERFILE = Dockerfile(
    path="web/Dockerfile",
    instructions=(
        Instruction(keyword="FROM", value="debian", line=1, end_line=1, image="debian"),
        Instruction(keyword="ADD", value="https://a.example/x /x", line=4, end_line=4),
    ),
)


def test_text_files_are_changed_on_their_line() -> None:
    """A Dockerfile fix replaces text at the instruction."""
    rules = """    - name: add
      forbid: instruction.keyword == 'ADD'
      message: '{{ instruction.value }}'
      fix: {replaceText: {find: 'ADD {{ instruction.value.split(" ")[0] }}', with: COPY x}, why: look}"""
    (finding,) = judged([policy(rules, subject="instruction")], tree(dockerfiles=(DOCKERFILE,))).findings
    assert ("web/Dockerfile", 4) == (finding.location.file, finding.location.line)
    assert finding.fix is not None
    assert (
        ReplaceText(file="web/Dockerfile", line=4, find="ADD https://a.example/x", replacement="COPY x"),
    ) == finding.fix.patches
    assert "write `COPY x` instead of `ADD https://a.example/x`" == finding.fix.title


@pytest.mark.parametrize(
    ("operation", "path", "title"),
    [
        ("{op: remove, path: /value}", "/value", "remove value"),
        ("{op: remove, path: ''}", "", "remove it"),
        ("{op: add, path: '/{{ item.name }}', value: [1, {a: true}]}", "/A", "set A: [1, {a: true}]"),
    ],
)
def test_patches_are_relative_to_the_item(operation: str, path: str, title: str) -> None:
    """Paths may hold expressions; the title says what changes in words of the document."""
    rules = f"""    - name: literal
      each: container.env
      forbid: item.from == 'literal'
      message: bad
      fix: {{patch: [{operation}], why: look}}"""
    (finding,) = judged([policy(rules)], tree(DEPLOYMENT)).findings
    assert finding.fix is not None
    (patch,) = finding.fix.patches
    assert isinstance(patch, JsonPatch)
    assert ("/spec/template/spec/containers/0/env/0" + path, title) == (patch.path, finding.fix.title)


@pytest.mark.parametrize("value", ["{expression: image.user}", "{expression: container.security.runAsGroup}"])
def test_a_fix_that_cannot_be_computed_is_left_out(value: str) -> None:
    """The violation stays; a patch with a guessed value would be worse than none."""
    rules = f"""    - name: one
      forbid: container.security.privileged
      message: bad
      fix: {{patch: [{{op: add, path: /x, value: {value}}}], why: look}}"""
    (finding,) = judged([policy(rules)], tree(DEPLOYMENT)).findings
    assert finding.fix is None


def test_elements_of_images_stand_at_the_line_that_made_them() -> None:
    """A tool is placed at the instruction of its layer; the path in the image is related."""
    made = Location(file="web/Dockerfile", line=4)
    image = Image(
        ref="shop/web:1.0",
        layers=(Layer(index=0, diff_id="a", instruction=made, confidence="exact"),),
        tools=(Tool(name="curl", kind="network-client", location=Location(file="usr/bin/curl", layer=0)),),
    )
    rules = "    - {name: one, each: image.tools, forbid: item.kind == 'network-client', message: '{{ item.name }}'}"
    (finding,) = judged([policy(rules, subject="image")], tree(images=(image,))).findings
    assert (made, "network-client curl") == (finding.location, finding.subject.key)
    assert (Location(file="usr/bin/curl", layer=0, image="shop/web:1.0"),) == finding.related


def test_plain_elements_are_keyed_by_their_value() -> None:
    """Numbers, texts and records without a name of their own still have different ids."""
    rules = "    - {name: one, each: '[1, 2]', forbid: item > 0, message: '{{ item }}'}\n    - {name: two, each: '[{\"a\": 1}]', forbid: 'true', message: bad}"
    text = DEPLOYMENT.split("        - name: side")[0]
    findings = judged([policy(rules)], tree(text)).findings
    assert ["1", "2", "#0"] == [f.subject.key for f in findings]
    assert 3 == len({f.id for f in findings})


def test_each_and_where_may_stay_open() -> None:
    """A list or a choice that cannot be told is an open question of its rule."""
    listed = policy("    - {name: one, each: image.tools, forbid: 'true', message: bad}", name="listed")
    chosen = policy("    - {name: one, forbid: 'true', message: bad}", name="chosen", spec="  where: image.isRoot\n")
    text = DEPLOYMENT.split("        - name: side")[0]
    findings = judged([listed, chosen], tree(text)).findings
    assert [("chosen", "where"), ("listed", "one")] == [(f.policy, f.rule) for f in findings]
