"""Sets of versions: what holds of one version holds of the sets that are made from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.intervals import contains
from tidewaiter.core.vuln.ranges.algebra import EVERYTHING, common, compared, complement, united, with_fixes
from tidewaiter.core.vuln.ranges.language import RangeError
from tidewaiter.core.vuln.ranges.retire import retire_interval
from tidewaiter.core.vuln.versions import Keys, registry

KEYS = Keys(registry()["semver"])
ends = st.integers(0, 9).map(str)
lower = st.just(("", False)) | st.tuples(ends, st.booleans())
upper = st.just((None, False)) | st.tuples(ends, st.booleans())
some = st.lists(
    st.builds(lambda lo, hi: Interval(lo=lo[0], above=lo[1], hi=hi[0], inclusive=hi[1]), lower, upper), max_size=4
)
VERSIONS = [f"{number}{tail}" for number in range(10) for tail in ("", ".0.1")]


def inside(intervals, version):
    """Tell whether any interval holds the version."""
    return any(contains(one, version, KEYS) for one in intervals)


@given(one=some, other=some)
def test_operations_speak_of_the_same_versions(one, other):
    """Union, intersection and complement are those of the versions inside, and come out disjoint and ascending."""
    for version in VERSIONS:
        left, right = inside(one, version), inside(other, version)
        assert (left or right) == inside(united([*one, *other], KEYS), version)
        assert (left and right) == inside(common(one, other, KEYS), version)
        assert left != inside(complement(one, KEYS), version)
    assert united(one, KEYS) == united(united(one, KEYS), KEYS)
    assert united(one, KEYS) == complement(complement(one, KEYS), KEYS)


@pytest.mark.parametrize(
    ("sign", "versions"),
    [("<", "0 1"), ("<=", "0 1 2"), (">", "3"), (">=", "2 3"), ("=", "2"), ("==", "2"), ("!=", "0 1 3")],
)
def test_comparisons(sign, versions):
    """Each sign means what it says."""
    assert versions.split() == [text for text in ("0", "1", "2", "3") if inside(compared(sign, "2"), text)]


def test_nothing_and_everything():
    """No interval is no version; the complement of nothing is every version."""
    assert () == united((), KEYS)
    assert EVERYTHING == complement((), KEYS)
    assert () == complement(EVERYTHING, KEYS)


def test_fixes():
    """The fix of an interval is the lowest patched version at or above its end; an open interval has none."""
    intervals = (Interval(hi="1.5"), Interval(lo="2", hi="2.3", inclusive=True), Interval(lo="3"))
    fixed = (Interval(lo="1.5", hi="2"), Interval(lo="2.3"), Interval(lo="2.4", above=True))
    assert ["1.5", None, None] == [one.fixed for one in with_fixes(intervals, fixed, KEYS)]
    assert ["1.5", "2.4", None] == [
        one.fixed for one in with_fixes(intervals, (Interval(lo="1.5", hi="2"), Interval(lo="2.4")), KEYS)
    ]


@pytest.mark.parametrize(("lo", "hi"), [("2", "1"), ("a", ""), ("", "~"), ("1", "1.0"), ("1" * 300, "")])
def test_retire_refuses(lo, hi):
    """Ends that are no versions, or that hold nothing, are refused."""
    with pytest.raises(RangeError):
        retire_interval(lo, hi)


def test_retire():
    """`below` is the fix."""
    assert Interval(lo="1.2.0", hi="1.9.0b1", fixed="1.9.0b1") == retire_interval("1.2.0", "1.9.0b1")
    assert Interval(lo="1.2.0") == retire_interval("1.2.0", "")
    assert Interval(lo="1.3.0-0", hi="3.0-RC3", fixed="3.0-RC3") == retire_interval("1.3.0-*", "3.0.RC3")
    assert Interval(hi="0.9.7.1", fixed="0.9.7.1") == retire_interval("", "0.9.7.1")
