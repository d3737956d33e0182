"""The exit code as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import a_finding, an_open_question
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.report import decide

LAYER = Unknown(subject="layer 3", reason="truncated")
NOTE = Unknown(subject="a.txt", reason="not pinned", incomplete=False)
FAILING = a_finding(key="failing")
WARNING = a_finding(key="warning", severity="medium")
EXEMPTED = a_finding(key="exempted", exception="ticket")
INFO = a_finding(key="info", severity="info", enforce="fail")
OFF = a_finding(key="off", enforce="off")
OPEN = an_open_question(key="open", on_unknown="warn")
ALLOWED = an_open_question(key="allowed", on_unknown="allow")
DENIED = an_open_question(key="denied", on_unknown="deny")
DENIED_BUT_EXEMPTED = an_open_question(key="denied2", on_unknown="deny", exception="ticket")


@pytest.mark.parametrize(
    ("findings", "unknowns", "judged", "expected"),
    [
        ([], [], True, 0),
        ([WARNING, EXEMPTED, INFO, OFF, OPEN, ALLOWED, DENIED_BUT_EXEMPTED], [NOTE], True, 0),
        ([FAILING], [], True, 1),
        ([FAILING, DENIED], [LAYER], True, 1),
        ([WARNING], [LAYER], True, 3),
        ([DENIED], [], True, 3),
        ([], [LAYER], True, 3),
        ([], [], False, 2),
        ([FAILING, DENIED], [LAYER], False, 2),
    ],
)
def test_precedence(findings, unknowns, judged, expected):
    """2 before 1 before 3 before 0, and the verdict says the same."""
    decision = decide(findings, unknowns, judged=judged)
    assert expected == decision.exit_code
    assert {0: "Pass", 1: "Fail", 2: "Unknown", 3: "Unknown"}[expected] == decision.verdict
    assert all(decision.reasons)


def test_reasons_name_policies_and_what_was_not_read():
    """The last line says why."""
    decision = decide([FAILING], [LAYER])
    expected = ("1 finding fails the gate: privileged-container", "incomplete: layer 3: truncated")
    assert expected == decision.reasons


@given(
    st.lists(st.sampled_from([FAILING, WARNING, EXEMPTED, INFO, OPEN, DENIED])),
    st.lists(st.sampled_from([LAYER, NOTE])),
    st.booleans(),
)
def test_order_does_not_matter_and_nothing_incomplete_passes(findings, unknowns, judged):
    """A run with an incomplete Unknown never exits 0."""
    decision = decide(findings, unknowns, judged=judged)
    assert decision == decide(findings[::-1], unknowns, judged=judged)
    if LAYER in unknowns or not judged:
        assert decision.exit_code != 0
