"""Judging: verdicts, places, fixes, open questions and what overrides change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import DEPLOYMENT, NOW, judged, policy, sources, tree
from tidewaiter.core.finding import JsonPatch
from tidewaiter.core.model.image import Image, ImageConfig
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Fail, Unknown
from tidewaiter.core.policy import PolicyOverride, evaluate, load

PRIVILEGED = """    - name: privileged
      forbid: container.security.privileged
      message: "container {{ container.name }} of {{ workload.ref }} runs privileged"
      at: /securityContext/privileged
      fix: {patch: [{op: add, path: /securityContext/privileged, value: false}], why: try it}"""


def test_a_violation_has_place_message_and_fix() -> None:
    """One container of two violates; the finding points at the field and carries an absolute patch."""
    (finding,) = judged([policy(PRIVILEGED)], tree(DEPLOYMENT)).findings
    pointer = "/spec/template/spec/containers/0/securityContext/privileged"
    assert "container web of shop/Deployment/web runs privileged" == finding.message
    assert ("m0.yaml", 21, 13, pointer) == (
        finding.location.file,
        finding.location.line,
        finding.location.column,
        finding.location.pointer,
    )
    assert finding.fix is not None
    assert (JsonPatch(file="m0.yaml", op="add", path=pointer, value=False),) == finding.fix.patches
    assert "set securityContext.privileged: false" == finding.fix.title
    assert (Fail(), "fail", "web") == (finding.verdict, finding.enforce, finding.subject.container)


def test_the_id_survives_moved_lines() -> None:
    """Comments above change the line and not the id."""
    before = judged([policy(PRIVILEGED)], tree(DEPLOYMENT)).findings[0]
    after = judged([policy(PRIVILEGED)], tree("# moved\n\n" + DEPLOYMENT)).findings[0]
    assert (before.id, 23) == (after.id, after.location.line)


@pytest.mark.parametrize(("word", "count"), [("forbid", 1), ("require", 1)])
def test_polarity(word: str, count: int) -> None:
    """`forbid` true and `require` false are violations."""
    rules = f"    - {{name: one, {word}: container.security.privileged, message: bad}}"
    found = judged([policy(rules)], tree(DEPLOYMENT)).findings
    expected = {"forbid": ["web"], "require": ["side"]}[word]
    assert (count, expected) == (len(found), [f.subject.container for f in found])


def test_each_binds_item_and_index() -> None:
    """A rule with `each` is judged per element, placed at it, and keyed by its name."""
    rules = """    - name: literal
      each: container.env
      forbid: item.from == 'literal'
      message: '{{ item.name }} {{ index }} {{ item.path }}'
      at: /value"""
    (finding,) = judged([policy(rules)], tree(DEPLOYMENT)).findings
    assert "A 0 /spec/template/spec/containers/0/env/0" == finding.message
    assert (17, "A") == (finding.location.line, finding.subject.key)


def test_index_places_plain_elements() -> None:
    """Elements without a place of their own are placed through `at` and `index`."""
    rules = """    - name: add
      each: container.security.capabilities.add
      forbid: item != 'CHOWN'
      message: '{{ item }}'
      at: '/securityContext/capabilities/add/{{ index }}'"""
    text = DEPLOYMENT.replace("privileged: true", "capabilities: {add: [CHOWN, SYS_TIME]}")
    (finding,) = judged([policy(rules)], tree(text)).findings
    assert "/spec/template/spec/containers/0/securityContext/capabilities/add/1" == finding.location.pointer


def test_where_variables_and_params() -> None:
    """`where` chooses subjects, `variables` name parts, `params` have defaults and overrides."""
    spec = "  params: {allowed: {type: list(string), default: [web]}}\n  variables: {known: container.name in params.allowed}\n  where: container.kind == 'regular'\n"
    rules = "    - {name: one, require: variables.known, message: '{{ container.name }}'}"
    default = judged([policy(rules, spec=spec)], tree(DEPLOYMENT)).findings
    override = {"sample": PolicyOverride(params={"allowed": ["side"]})}
    changed = judged([policy(rules, spec=spec)], tree(DEPLOYMENT), overrides=override).findings
    assert (["side"], ["web"]) == ([f.message for f in default], [f.message for f in changed])


@pytest.mark.parametrize("params", [{"alowed": []}, {"allowed": "web"}])
def test_a_wrong_parameter_is_an_open_question(params: dict[str, object]) -> None:
    """A parameter that does not fit never silently falls back to the default."""
    spec = "  params: {allowed: {type: list(string), default: []}}\n"
    rules = "    - {name: one, require: container.name in params.allowed, message: bad}"
    result = judged([policy(rules, spec=spec)], tree(DEPLOYMENT), overrides={"sample": PolicyOverride(params=params)})
    assert ((), 1, True) == (result.findings, len(result.unknowns), result.unknowns[0].incomplete)


def test_a_missing_image_is_one_open_question_per_subject() -> None:
    """Several rules that lack the same fact ask once, name it, and say how to give it."""
    rules = "    - {name: one, forbid: image.isRoot, message: bad}\n    - {name: two, forbid: image.user == '', message: bad}"
    found = judged([policy(rules)], tree(DEPLOYMENT)).findings
    assert 2 == len(found)
    verdict = found[0].verdict
    assert isinstance(verdict, Unknown)
    assert ("image shop/web:1.0 was not given; pass --image shop/web:1.0=PATH", False) == (
        verdict.reason,
        verdict.incomplete,
    )


def test_what_is_known_decides_before_what_is_not() -> None:
    """`true ||` and `false &&` need no image."""
    rules = "    - {name: one, forbid: container.security.privileged && image.isRoot, message: bad}"
    found = judged([policy(rules)], tree(DEPLOYMENT)).findings
    assert ["web"] == [f.subject.container for f in found]


def test_a_given_image_is_joined() -> None:
    """The container sees the facts of its image."""
    image = Image(ref="shop/web:1.0", tags=("shop/web:1.0",), config=ImageConfig(user=""))
    rules = "    - {name: one, forbid: image.isRoot, message: '{{ image.ref }}'}"
    found = judged([policy(rules)], tree(DEPLOYMENT, images=(image,))).findings
    assert [("shop/web:1.0", Fail())] == [(f.message, f.verdict) for f in found if f.subject.container == "web"]


def test_an_error_is_an_open_question_with_its_text() -> None:
    """A value of the wrong type is never a pass."""
    text = DEPLOYMENT.replace("privileged: true", 'privileged: "yes"')
    (finding,) = [f for f in judged([policy(PRIVILEGED)], tree(text)).findings if f.subject.container == "web"]
    assert isinstance(finding.verdict, Unknown)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        (PolicyOverride(), ("high", "fail")),
        (PolicyOverride(severity=Severity.LOW), ("low", "warn")),
        (PolicyOverride(enforce={"build": "warn"}), ("high", "warn")),
        (PolicyOverride(enforce={"build": "off"}), None),
        (PolicyOverride(enabled=False), None),
    ],
)
def test_overrides(override: PolicyOverride, expected: tuple[str, str] | None) -> None:
    """An installation changes severity and consequence without touching the policy."""
    found = judged([policy(PRIVILEGED)], tree(DEPLOYMENT), overrides={"sample": override}).findings
    assert ([expected] if expected else []) == [(f.severity, f.enforce) for f in found]


@pytest.mark.parametrize(
    ("spec", "environment", "expected"),
    [("", "", "warn"), ("", "production", "deny"), ("  onUnknown: {build: allow}\n", "production", "allow")],
)
def test_open_questions_count_by_environment(spec: str, environment: str, expected: str) -> None:
    """Production refuses what cannot be told unless the policy says otherwise."""
    rules = "    - {name: one, forbid: image.isRoot, message: bad}"
    found = judged([policy(rules, spec=spec)], tree(DEPLOYMENT), environment=environment).findings
    assert {expected} == {f.on_unknown for f in found}


def test_selectors_and_namespaces_limit() -> None:
    """`match`, `exclude` and a team's namespace choose whom a policy is about."""
    elsewhere = policy(PRIVILEGED, name="elsewhere", kind="Policy", namespace="other")
    here = policy(PRIVILEGED, name="here", kind="Policy", namespace="shop")
    excluded = policy(PRIVILEGED, name="excluded", spec="  exclude: {container: w*}\n")
    matched = policy(PRIVILEGED, name="matched", spec="  match: {kind: [Deployment], labels: {app: web}}\n")
    found = judged([elsewhere, here, excluded, matched], tree(DEPLOYMENT)).findings
    assert ["here", "matched"] == [f.policy for f in found]


def test_stages_limit() -> None:
    """A policy of another stage is not judged."""
    assert () == judged([policy(PRIVILEGED, spec="  stages: [runtime]\n")], tree(DEPLOYMENT)).findings


def test_related_places() -> None:
    """Further places are given by pointer or by element."""
    rules = PRIVILEGED + "\n      related: '[container.env[0]]'"
    (finding,) = judged([policy(rules)], tree(DEPLOYMENT)).findings
    assert [16] == [place.line for place in finding.related]


def test_a_computed_fix() -> None:
    """A patch value may be an expression, at any depth."""
    rules = """    - name: one
      forbid: container.security.privileged
      message: bad
      fix: {patch: [{op: add, path: /env, value: {list: [{expression: container.name}]}}]}"""
    (finding,) = judged([policy(rules)], tree(DEPLOYMENT)).findings
    assert finding.fix is not None
    assert [{"list": ["web"]}] == [patch.value for patch in finding.fix.patches if isinstance(patch, JsonPatch)]


def test_same_input_same_output() -> None:
    """Judging is deterministic and sorts by policy."""
    texts = [policy(PRIVILEGED, name="zz"), policy(PRIVILEGED, name="aa")]
    first, second = (judged(texts, tree(DEPLOYMENT)) for _ in range(2))
    assert first == second
    assert ["aa", "zz"] == [f.policy for f in first.findings]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "add", "drop", "privileged", "hostPath", "type"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["securityContext", "env", "ports", "volumeMounts", "resources", "image", "name"]), ODD
    )
)
def test_malformed_containers_never_raise(raw: dict[str, object]) -> None:
    """Whatever stands in a container, every field gives a value, is absent or becomes an open question."""
    import json  # noqa: PLC0415 - used here only

    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", **raw}], "volumes": [raw]},
    }
    rules = '    - {name: one, forbid: \'container.security.privileged || container.security.capabilities.add.exists(a, a == "X") || container.env.exists(e, e.from == "x") || container.ports.exists(p, p.hostPort > 0) || container.mounts.exists(m, m.readOnly) || "cpu" in container.resources.limits || container.imageRef.registry == ""\', message: bad}'
    loaded = load(sources(policy(rules)))
    evaluate(loaded, tree(json.dumps(pod)), stage="build", now=NOW)
