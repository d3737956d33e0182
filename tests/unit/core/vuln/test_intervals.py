"""From OSV events to intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.vuln import Interval
from tidewaiter.core.vuln.intervals import Event, bounded, contains, from_events, listed
from tidewaiter.core.vuln.versions import Keys, registry

SEMVER = Keys(registry()["semver"])


def events(text):
    """Read `i0 f1.0 l2.0 m3.0` as introduced, fixed, last affected, limit."""
    names = {"i": "introduced", "f": "fixed", "l": "last_affected", "m": "limit"}
    return [Event(**{names[word[0]]: word[1:]}) for word in text.split()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i0 f1.0", ["< 1.0"]),
        ("f1.0 i0", ["< 1.0"]),
        ("i0", ["every version"]),
        ("i1.0 l2.0", [">= 1.0, <= 2.0"]),
        ("l2.0 i1.0", [">= 1.0, <= 2.0"]),
        ("l2.0 i2.0", ["= 2.0"]),
        ("i1.0 f1.5 i2.0 f2.5", [">= 1.0, < 1.5", ">= 2.0, < 2.5"]),
        ("f2.5 i2.0 f1.5 i1.0", [">= 1.0, < 1.5", ">= 2.0, < 2.5"]),
        ("i1.0 f1.0", []),
        ("i2.0 f1.0", [">= 2.0"]),
        ("f1.0", []),
        ("i0 f1.0 f2.0", ["< 1.0"]),
        ("i0 m1.0", ["< 1.0"]),
        ("i0 f2.0 m1.0", ["< 1.0"]),
        ("i0 f0.5 i2.0 f3.0 m1.0", ["< 0.5"]),
        ("i0 m1.0 m2.0", ["< 2.0"]),
        ("i0 m*", ["every version"]),
        ("i1.16.0-0 f1.16.1", [">= 1.16.0-0, < 1.16.1"]),
    ],
)
def test_events(text, expected):
    """Introduced opens, fixed closes before, last affected closes after; limits cut; the order of the file is free."""
    assert expected == [str(interval) for interval in from_events(events(text), SEMVER)]


def test_last_affected_with_a_fix():
    """A range that names both gives the fix to the interval that last_affected closed."""
    assert [Interval(hi="1.5", inclusive=True, fixed="1.6")] == list(from_events(events("i0 l1.5 f1.6"), SEMVER))


def test_limit_takes_the_fix_away():
    """Above a limit nothing is known, so a cut interval names no fix."""
    assert [None] == [interval.fixed for interval in from_events(events("i0 f2.0 m1.0"), SEMVER)]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ("< 3.7.1", [">= 2.0, < 3.7.1"]),
        ("<= 3.7.1", [">= 2.0, <= 3.7.1"]),
        (">= 2.0, < 3.7.1", [">= 2.0, < 3.7.1"]),
        ("= 2.0", ["= 2.0"]),
        ("== 2.0", ["= 2.0"]),
        ("< 1.0", [">= 2.0"]),
        ("", [">= 2.0"]),
        ("<", [">= 2.0"]),
        ("nonsense", [">= 2.0"]),
    ],
)
def test_last_known_affected(known, expected):
    """GHSA's bound closes an open interval unless it contradicts its start."""
    assert expected == [str(interval) for interval in bounded([Interval(lo="2.0")], known, SEMVER)]


def test_last_known_beside_a_fix_changes_nothing():
    """Beside a fixed event the bound is redundant."""
    closed = Interval(hi="2.0", fixed="2.0")
    assert (closed,) == bounded([closed], "< 1.0", SEMVER)


def test_listed_versions():
    """Only versions outside every interval are kept, once, in order, each with the next fix above it."""
    ranges = [Interval(lo="1.0", hi="1.5", fixed="1.5")]
    found = listed(["2.0", "1.2", "0.9", "0.9"], ranges, SEMVER)
    assert [("= 0.9", "1.5"), ("= 2.0", None)] == [(str(interval), interval.fixed) for interval in found]


def test_listed_versions_that_are_none():
    """What the grammar refuses is kept as listed, for no interval can tell that it is meant."""
    found = listed(["1.3.0r3", "1.3.0"], [Interval(hi="2.0", fixed="2.0")], Keys(registry()["composer"]))
    assert [("= 1.3.0r3", "2.0")] == [(str(interval), interval.fixed) for interval in found]


versions = st.sampled_from(["0.1", "0.9", "1.0-rc.1", "1.0", "1.1", "2.0", "2.0.1", "3.0"])
ranges = st.lists(st.tuples(st.sampled_from("ifl"), versions), max_size=6)


def osv_algorithm(turns, version):
    """Evaluate events one by one as the schema's document describes it."""
    key, inside = SEMVER[version], False
    for kind, at in turns:
        if kind == "i" and key >= SEMVER[at]:
            inside = True
        if (kind == "f" and key >= SEMVER[at]) or (kind == "l" and key > SEMVER[at]):
            inside = False
    return inside


@given(turns=ranges, version=versions)
def test_intervals_equal_the_algorithm(turns, version):
    """Intervals made once say the same as walking through the sorted events for each version."""
    ordered = sorted(turns, key=lambda turn: (SEMVER[turn[1]], turn[0] == "l"))
    found = from_events(events(" ".join(kind + at for kind, at in turns)), SEMVER)
    assert osv_algorithm(ordered, version) == any(contains(interval, version, SEMVER) for interval in found)


@given(
    spans=st.lists(
        st.builds(
            Interval,
            lo=st.sampled_from(["", "0.9", "1.0", "2.0"]),
            hi=st.sampled_from([None, "0.9", "1.0", "1.1", "2.0.1", "3.0"]),
            inclusive=st.booleans(),
            above=st.booleans(),
        ),
        max_size=5,
    ),
    asked=st.lists(versions, max_size=5),
)
def test_listed_versions_are_those_that_no_interval_contains(spans, asked):
    """Bisection gives what asking each interval gives."""
    expected = {version for version in asked if not any(contains(one, version, SEMVER) for one in spans)}
    assert expected == {one.lo for one in listed(asked, spans, SEMVER)}


def test_thousands_of_ranges_and_versions():
    """A record with many of both costs their sum, not their product."""
    spans = [Interval(lo=f"{number}.0.0", hi=f"{number}.1.0", fixed=f"{number}.1.0") for number in range(20_000)]
    assert 1 == len(
        listed([*(f"{number}.0.5" for number in range(20_000)), "7.5.0"], spans, Keys(registry()["semver"]))
    )
