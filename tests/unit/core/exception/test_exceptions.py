"""Exceptions: what they exempt, when, and what is told about them."""

from datetime import UTC, datetime

import pytest

from answers import a_finding, a_vulnerability
from tidewaiter.core.exception import apply, decode_exceptions
from tidewaiter.core.policy.selector import Traits

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def exceptions(*entries, **more):
    """Decode exceptions that are expected to be good."""
    base = {"id": "e", "policies": ["*"], "reason": "known", "expires": "2027-06-30"}
    good, bad = decode_exceptions([base | entry for entry in entries], file="f", **more)
    assert () == bad
    return good


def applied(given, *findings, traits=None, now=NOW):
    """Apply exceptions to findings."""
    return apply(
        given,
        findings,
        gate="build",
        now=now,
        traits_of=lambda _: traits or Traits(namespace="shop", kind="Deployment"),
    )


def test_a_matching_exception_exempts_and_is_counted():
    """The finding stays, marked with the id."""
    outcome = applied(exceptions({"policies": ["privileged-*"]}), a_finding(), a_finding(policy="other"))
    assert ["e", None] == [finding.exception for finding in outcome.findings]
    assert [("active", 1)] == [(use.state, use.findings) for use in outcome.uses]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"rules": ["rule"]}, "e"),
        ({"rules": ["another"]}, None),
        ({"select": {"namespace": "shop"}}, "e"),
        ({"select": {"namespace": "prod-*"}}, None),
        ({"gates": ["deploy"]}, None),
        ({"values": ["NET_ADMIN"]}, "e"),
        ({"values": ["SYS_ADMIN"]}, None),
        ({"values": ["deploy/web.yaml"]}, "e"),
    ],
)
def test_every_condition_must_hold(entry, expected):
    """Rules, selector, gate and values narrow what is meant."""
    (finding,) = applied(exceptions(entry), a_finding(key="NET_ADMIN")).findings
    assert expected == finding.exception


def test_values_name_vulnerabilities():
    """One CVE is exempted, the next one in the same package is not."""
    outcome = applied(exceptions({"values": ["CVE-1"]}), a_vulnerability("CVE-1"), a_vulnerability("CVE-2"))
    assert ["e", None] == [finding.exception for finding in outcome.findings]


def test_an_expired_exception_is_inactive_at_once_and_told():
    """It holds through its day and no longer; how many would need it is counted."""
    given = exceptions({"expires": "2026-11-24"})
    outcome = applied(given, a_finding())
    assert [None] == [finding.exception for finding in outcome.findings]
    assert [("expired", 0, 1)] == [(use.state, use.findings, use.would_match) for use in outcome.uses]
    through_the_day = applied(exceptions({"expires": "2026-11-25"}), a_finding())
    assert ["e"] == [finding.exception for finding in through_the_day.findings]


def test_the_end_is_announced_and_never_matching_is_told():
    """Fourteen days before its end, and when nothing needs it."""
    soon = applied(exceptions({"expires": "2026-12-01"}), a_finding())
    unused = applied(exceptions({"policies": ["nothing-like-it"]}), a_finding())
    assert ["expires-soon", "unused"] == [soon.uses[0].state, unused.uses[0].state]


def test_the_narrowest_is_shown():
    """A person sees the exception that was made for this finding."""
    given = exceptions(
        {"id": "wide"}, {"id": "narrow", "policies": ["privileged-container"], "select": {"namespace": "shop"}}
    )
    assert "narrow" == applied(given, a_finding()).findings[0].exception


def test_warn_keeps_the_finding_among_the_answers():
    """The effect `warn` only takes away that it fails."""
    (finding,) = applied(exceptions({"effect": "warn"}), a_finding()).findings
    assert (None, "warn") == (finding.exception, finding.enforce)


def test_max_uses_bounds_one_run():
    """The second finding is not exempted."""
    outcome = applied(exceptions({"maxUses": 1}), a_finding(key="a"), a_finding(key="b"))
    assert ["e", None] == [finding.exception for finding in outcome.findings]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"id": "x", "policies": ["a"], "reason": "r"}, "missing key `expires`"),
        ({"id": "x", "policies": ["a"], "reason": "r", "expires": "soon"}, "not a date"),
        ({"id": "x", "policies": ["a"], "reason": "r", "expires": "never"}, "not permitted"),
        ({"id": "x", "policies": [], "reason": "r", "expires": "2027-01-01"}, "`policies` is empty"),
        ({"id": "x", "policies": ["a"], "reason": " ", "expires": "2027-01-01"}, "`reason` is empty"),
        ({"id": "accepted", "policies": ["a"], "reason": "r", "expires": "2027-01-01"}, "`id`"),
        ({"id": "x", "polices": ["a"], "reason": "r", "expires": "2027-01-01"}, "unknown key `polices`"),
        (
            {"id": "x", "policies": ["a"], "reason": "r", "expires": "2027-01-01", "select": {"namspace": "a"}},
            "namspace",
        ),
        ({"id": "x", "policies": ["a"], "reason": "r", "expires": "2027-01-01", "maxUses": 0}, "maxUses"),
        ("text", "expected a mapping"),
    ],
)
def test_a_malformed_one_exempts_nothing_and_is_an_open_question(entry, words):
    """The others stay in force; the run cannot pass silently."""
    fine = {"id": "fine", "policies": ["a"], "reason": "r", "expires": "2027-01-01"}
    good, bad = decode_exceptions([entry, fine], file="f.yaml", pointer="/exceptions")
    assert ["fine"] == [one.id for one in good]
    (problem,) = bad
    assert words in problem.reason
    assert problem.incomplete


def test_two_of_one_id_are_refused():
    """The id is what reports name."""
    entry = {"id": "x", "policies": ["a"], "reason": "r", "expires": "2027-01-01"}
    good, bad = decode_exceptions([entry, entry], file="f")
    assert (1, 1) == (len(good), len(bad))


def test_never_needs_an_administrator():
    """With the setting an exception has no end."""
    (given,) = exceptions({"expires": "never"}, permit_never=True)
    assert given.ends() is None


def test_a_mapping_instead_of_a_list_is_told():
    """The whole list is refused, nothing is exempted."""
    good, bad = decode_exceptions({"id": "x"}, file="f")
    assert ((), 1) == (good, len(bad))
