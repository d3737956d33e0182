"""Today's findings, accepted."""

import pytest

from answers import a_finding, an_open_question
from tidewaiter.core.exception import AcceptedFinding, accept, accept_all, decode_accepted, encode_accepted
from tidewaiter.core.strict import DocumentError


def _line(finding):
    return AcceptedFinding(id=finding.id, policy=finding.policy, subject=str(finding.subject), key=finding.subject.key)


def test_accepted_findings_are_marked_and_new_ones_are_not():
    """Only new findings fail."""
    old, new = a_finding(key="old"), a_finding(key="new")
    accepted = decode_accepted(encode_accepted([_line(old)]), file="f")
    marked, stale = accept([old, new], accepted)
    assert ["accepted", None] == [finding.exception for finding in marked]
    assert () == stale


def test_the_file_is_sorted_and_stable():
    """The same findings in any order give the same bytes."""
    lines = [_line(a_finding(key=key)) for key in "bca"]
    assert encode_accepted(lines) == encode_accepted(reversed(lines))


def test_what_is_gone_is_told():
    """Lines that match nothing can be removed."""
    accepted = decode_accepted(encode_accepted([_line(a_finding(key="gone"))]), file="f")
    assert 1 == len(accept([], accepted)[1])


def test_open_questions_and_excepted_findings_are_not_accepted():
    """Acceptance is for violations that nothing else exempts."""
    found = [an_open_question(), a_finding(exception="ticket")]
    assert [None, "ticket"] == [finding.exception for finding in accept_all(found)]


def test_without_a_file_nothing_changes():
    """No file accepts nothing."""
    assert ((a_finding(),), ()) == accept([a_finding()], None)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"schema": "other", "findings": []}', b"[" * 5000])
def test_a_malformed_file_accepts_nothing(data):
    """It is an error with advice, never an empty list."""
    with pytest.raises(DocumentError) as caught:
        decode_accepted(data, file="f")
    assert caught.value.advice
