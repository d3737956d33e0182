"""Which build of a base is better."""

from tidewaiter.core.vuln.newer_base import Build, newer_base
from tidewaiter.core.vuln.rematch import Told


def told(*ids, **fields):
    """Return findings by id; `A=B` is A with the alias B."""
    return tuple(Told(id=one.split("=")[0], aliases=tuple(one.split("=")[1:]), **fields) for one in ids)


def build(name, *ids, created="2026-11-01T00:00:00Z"):
    """Return a build."""
    return Build(name=name, created=created, told=told(*ids))


def test_the_build_that_leaves_the_fewest_findings_is_told():
    """Removed, left and added are counted by defect."""
    better = newer_base(told("A", "B", "C"), [build("x:1", "A", "B"), build("x:2", "A", "D"), build("x:3", "A")])
    assert better is not None
    assert ("x:3", ("B", "C"), 1, 0) == (better.build.name, better.removed, better.left, better.added)
    assert "x:3 built 2026-11-01 removes 2 of 3 findings of the base (B, C), 1 stay" == str(better)


def test_a_build_that_brings_as_much_as_it_removes_is_none():
    """One that trades a finding for another is no advice."""
    assert newer_base(told("A"), [build("x:1", "B")]) is None
    assert newer_base(told("A"), [build("x:1", "A")]) is None
    assert newer_base((), [build("x:1")]) is None
    assert newer_base(told("A"), []) is None


def test_aliases_are_one_defect_and_suppressed_findings_do_not_count():
    """A finding that is only called otherwise is not removed."""
    assert newer_base(told("A=B"), [build("x:1", "B=A")]) is None
    assert newer_base(told("A", suppressed="kernel-headers"), [build("x:1")]) is None


def test_of_equal_builds_the_latest_is_told():
    """The order in which builds come is of no matter."""
    old, new = build("x:1"), build("x:1", created="2026-11-09T00:00:00Z")
    assert [new, new] == [
        better.build for builds in ([old, new], [new, old]) if (better := newer_base(told("A"), builds))
    ]
