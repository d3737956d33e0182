"""npm's own reading of ranges: prereleases, and what lies above or below a whole range."""

import pytest

from tidewaiter.core.vuln.ranges.language import RangeError
from tidewaiter.core.vuln.ranges.node import is_above, is_below, parse, satisfies


@pytest.mark.parametrize(
    ("text", "version", "inside"),
    [
        ("^1.2.3", "1.9.0", True),
        ("^1.2.3", "1.9.0-rc.1", False),
        ("^1.2.3-rc.1", "1.2.3-rc.2", True),
        ("^1.2.3-rc.1", "1.3.0-rc.2", False),
        (">1.0.0 <=2.0.0", "2.0.0", True),
        (">1.0.0", "1.0.0", False),
        ("1.2 - 2", "2.9.9", True),
        ("1.2.3 - 2.0.0", "2.0.0", True),
        ("1.2.3 - 2.0.0", "2.0.1", False),
        (">*", "1.0.0", False),
        ("*", "nonsense", False),
        ("*", "1.2", False),
    ],
)
def test_satisfies(text, version, inside):
    """A prerelease is taken only where the range names one of the same three numbers."""
    assert inside == satisfies(version, parse(text))


def test_prereleases_on_request():
    """With prereleases let in, the order alone decides."""
    assert satisfies("1.9.0-rc.1", parse("^1.2.3", include_prerelease=True))
    assert not satisfies("2.0.0-rc.1", parse("^1.2.3", include_prerelease=True))
    assert satisfies("2.0.0-rc.1", parse("1.0.0 - 2.0.0", include_prerelease=True))


@pytest.mark.parametrize(
    ("text", "version", "above", "below"),
    [
        ("~1.2.3", "1.3.0", True, False),
        ("~1.2.3", "1.2.2", False, True),
        ("~1.2.3", "1.2.9", False, False),
        (">=1.0.0", "0.9.0", False, True),
        ("<=1.0.0", "1.0.1", True, False),
        (">1.0.0", "1.0.0", False, True),
        ("1.0.0 || 3.0.0", "2.0.0", False, False),
        ("1.0.0 || 3.0.0", "4.0.0", True, False),
        ("1.0.0", "1.0.0", False, False),
        ("1.x", "x", False, False),
    ],
)
def test_outside(text, version, above, below):
    """A version is above or below a range when it is beyond every part of it."""
    assert (above, below) == (is_above(version, parse(text)), is_below(version, parse(text)))


@pytest.mark.parametrize("text", ["==1.0.0", "1.2.3.4", "foo", ">=1.0.0 bar", "1" * 300])
def test_strict_reading(text):
    """What npm refuses without `loose` is refused."""
    with pytest.raises(RangeError):
        parse(text)


def test_loose_reading():
    """Old spellings are read, and parts that mean nothing are passed over."""
    assert satisfies("1.2.3-beta", parse("==1.2.3beta || foo", loose=True))
    with pytest.raises(RangeError):
        parse("foo", loose=True)
    with pytest.raises(RangeError):
        parse("foo || bar", loose=True)
