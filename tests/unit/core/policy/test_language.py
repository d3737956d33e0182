"""Loading: what is refused, where, and what is suggested."""

import pytest

from policies import DEPLOYMENT, judged, policy, sources, tree
from tidewaiter.core.policy import load

GOOD = "    - {name: one, forbid: container.security.privileged, message: bad}"


def problems(text: str) -> list[tuple[int | None, int | None, str, str]]:
    """Return line, column, message and hint of everything wrong with one policy."""
    loaded = load(sources(text))
    return [(d.location.line, d.location.column, d.message, d.hint) for d in loaded.defects]


def test_unknown_key_names_line_and_suggests() -> None:
    """A misspelt key is refused where it stands."""
    text = policy(GOOD).replace("severity:", "severtiy:")
    assert [(7, 3, "unknown key `severtiy`", "did you mean `severity`?")] == problems(text)


def test_unknown_field_points_into_the_expression() -> None:
    """The column is that of the misspelt field inside the expression."""
    text = policy("    - name: one\n      forbid: 'container.security.priviledged'\n      message: bad")
    ((line, column, message, hint),) = problems(text)
    written = text.splitlines()[(line or 1) - 1]
    assert "priviledged" in written[(column or 1) - 1 :]
    assert (11, "did you mean `privileged`?") == (line, hint)
    assert "priviledged" in message


def test_block_expression_has_its_own_line() -> None:
    """An error in the second line of a block scalar is told on that line."""
    text = policy("    - name: one\n      forbid: |\n        true &&\n        container.nmae == ''\n      message: bad")
    ((line, _, _, hint),) = problems(text)
    assert (13, "did you mean `name`?") == (line, hint)


@pytest.mark.parametrize(
    ("rules", "spec", "expected"),
    [
        ("    - {name: one, message: bad}", "", "exactly one of `forbid` and `require`"),
        (
            "    - {name: one, forbid: 'true', require: 'true', message: bad}",
            "",
            "exactly one of `forbid` and `require`",
        ),
        (f"{GOOD}\n{GOOD}", "", "used twice"),
        ("    - {name: one, forbid: '1', message: bad}", "", "yields int, not a bool"),
        ("    - {name: one, each: container.name, forbid: 'true', message: bad}", "", "yields string, not a list"),
        ("    - {name: one, forbid: item.name == '', message: bad}", "", "item"),
        ("    - {name: one, forbid: 'true', message: '{{ container.nam }}'}", "", "nam"),
        ("    - {name: one, forbid: 'true', message: bad, fix: {}}", "", "exactly one of `patch` and `replaceText`"),
        (GOOD, "  params: {p: {type: strin, default: a}}\n", "`strin` is no type"),
        (GOOD, "  params: {p: {type: list(string), default: a}}\n", "not list(string)"),
        (GOOD, "  stages: []\n", "never be judged"),
        ("    - {name: one, forbid: params.q, message: bad}", "  params: {p: {type: bool, default: true}}\n", "q"),
        ("    - {name: one, forbid: variables.v == 1, message: bad}", "  variables: {v: container.name}\n", ""),
        ("    - {name: one, forbid: severity('hihg') == 1, message: bad}", "", "no severity"),
        ("    - {name: one, forbid: \"container.name.matches('(a')\", message: bad}", "", ""),
    ],
)
def test_refused(rules: str, spec: str, expected: str) -> None:
    """Each mistake is told with a line, and the policy is not judged."""
    loaded = load(sources(policy(rules, spec=spec)))
    assert () == loaded.policies
    assert any(expected in defect.message for defect in loaded.defects)
    assert all(defect.location.line for defect in loaded.defects)
    assert all(problem.incomplete for problem in loaded.problems)


def test_unknown_subject_is_suggested() -> None:
    """A subject that does not exist is refused with the nearest one."""
    ((_, _, message, hint),) = problems(policy(GOOD, subject="contaner"))
    assert ("unknown subject `contaner`", "did you mean `container`?") == (message, hint)


def test_a_broken_policy_disables_only_itself() -> None:
    """The others are judged."""
    loaded = load(
        sources(policy(GOOD, name="good"), policy("    - {name: one, forbid: nonsense, message: bad}", name="bad"))
    )
    assert (["good"], ["bad"]) == ([p.name for p in loaded.policies], [d.policy for d in loaded.defects])


def test_the_same_name_twice_is_refused() -> None:
    """The first stays, the second is told with the first's file."""
    loaded = load(sources(policy(GOOD), policy(GOOD)))
    assert ["policy-0.yaml"] == [p.file for p in loaded.policies]
    assert ["the name `sample` is taken by policy-0.yaml"] == [d.message for d in loaded.defects]


@pytest.mark.parametrize(("kind", "namespace"), [("Policy", ""), ("ClusterPolicy", "shop")])
def test_namespace_fits_the_kind(kind: str, namespace: str) -> None:
    """A team's policy names its namespace, a cluster's names none."""
    assert 1 == len(problems(policy(GOOD, kind=kind, namespace=namespace)))


@pytest.mark.parametrize("value", [None, [], 3, "text", {"apiVersion": "v1"}, {"metadata": {"name": 3}}])
def test_foreign_documents_are_problems(value: object) -> None:
    """Whatever a file holds, loading answers with a problem and never raises."""
    from tidewaiter.core.policy import PolicySource  # noqa: PLC0415 - used here only

    assert 1 == len(load([PolicySource(file="x.yaml", value=value)]).defects)


def test_a_pattern_cannot_hang() -> None:
    """A pattern that stalls backtracking engines is judged in linear time, and a huge one is refused."""
    rules = "    - {name: one, forbid: \"(container.name + 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!').matches('(a+)+$')\", message: bad}"
    assert () == judged([policy(rules)], tree(DEPLOYMENT)).findings
    huge = "    - {name: one, forbid: \"container.name.matches('" + "(a{1000}){1000}" + "')\", message: bad}"
    assert 1 == len(problems(policy(huge)))
