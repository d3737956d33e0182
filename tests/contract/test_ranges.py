"""Every range language against its own cases, any text at all, and npm's own fixtures."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import shared
from tidewaiter.core.registry import Registry
from tidewaiter.core.vuln.intervals import contains
from tidewaiter.core.vuln.ranges import BUILTIN, RangeError, RangeLanguage, registry
from tidewaiter.core.vuln.ranges.algebra import is_empty
from tidewaiter.core.vuln.ranges.node import is_above, is_below, parse, satisfies
from tidewaiter.core.vuln.versions import Keys

CASES = Path(__file__).parent / "ranges"
by_id = pytest.mark.parametrize("language", BUILTIN, ids=lambda language: language.id)
NODE = registry()["node"]


def cases(language: RangeLanguage) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (range, versions inside, versions outside)."""
    for line in (CASES / f"{language.id}.txt").read_text().splitlines():
        if not line.startswith(("#", "refused")):
            text, inside, outside = line.split(" :: ")
            yield text, inside.split()[1:], outside.split()[1:]


def holds(language: RangeLanguage, text: str, version: str) -> bool:
    """Tell whether the version lies in the range."""
    keys = Keys(language.scheme)
    return any(contains(interval, version, keys) for interval in language.intervals(text))


@by_id
def test_own_cases(language):
    """What is inside is inside, what is outside is outside."""
    lines = list(cases(language))
    assert lines
    wrong = [(text, one) for text, inside, _ in lines for one in inside if not holds(language, text, one)]
    assert not wrong
    wrong = [(text, one) for text, _, outside in lines for one in outside if holds(language, text, one)]
    assert not wrong


@by_id
def test_refused(language):
    """What is not of the language is refused with a reason that shows it."""
    lines = (CASES / f"{language.id}.txt").read_text().splitlines()
    refused = [line.partition(" :: ")[2] for line in lines if line.startswith("refused")]
    assert refused
    for text in refused:
        with pytest.raises(RangeError, match=r"`|longer|nothing"):
            language.intervals(text)


@by_id
@given(data=st.data())
def test_any_text(language, data):
    """Any text gives disjoint ascending intervals or a RangeError."""
    known = [text for text, _, _ in cases(language)]
    parts = sorted({part for text in known for part in re.split(r"([0-9]+|\W)", text)})
    near = st.lists(st.sampled_from(parts), max_size=9).map("".join)
    text = data.draw(near | st.text(max_size=20) | st.sampled_from(["1" * 9000, ">=" + "9" * 200, "<" * 5000]))
    try:
        intervals = language.intervals(text)
    except RangeError:
        return
    keys = Keys(language.scheme)
    assert not [one for one in intervals if is_empty(one, keys)]
    for one, after in pairwise(intervals):
        assert one.hi is not None
        assert keys[one.hi] <= keys[after.lo]


def options(value: object) -> dict[str, bool]:
    """Return the options that npm's fixtures give as a word, a flag or an object."""
    if not isinstance(value, dict):
        return {"loose": value is True}
    return {"loose": bool(value.get("loose")), "include_prerelease": bool(value.get("includePrerelease"))}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "question", "answer"),
    [
        ("range-include", satisfies, True),
        ("range-exclude", satisfies, False),
        ("version-gt-range", is_above, True),
        ("version-lt-range", is_below, True),
    ],
)
def test_fixtures_of_npm(name, question, answer):
    """Every line of npm's own fixtures holds."""
    lines = json.loads(shared(f"vectors/version-compare/node-semver-{name}.json").read_text())
    assert len(lines) > 50
    wrong = []
    for text, version, *more in lines:
        try:
            told = question(str(version), parse(text, **options(more[0] if more else None)))
        except RangeError:
            told = False
        if told != answer:
            wrong.append((text, version))
    assert not wrong


@pytest.mark.corpus
def test_intervals_are_npms_with_prereleases():
    """For every pair of the fixtures the intervals answer as npm does when it lets prereleases in."""
    pairs = [
        (text, str(version))
        for name in ("range-include", "range-exclude", "version-gt-range", "version-lt-range")
        for text, version, *_ in json.loads(shared(f"vectors/version-compare/node-semver-{name}.json").read_text())
        if re.match(r"v?[0-9]", str(version))
    ]
    wanted = [satisfies(version, parse(text, loose=True, include_prerelease=True)) for text, version in pairs]
    assert wanted == [holds(NODE, text, version) for text, version in pairs]


numbers = st.integers(0, 2)
exact = st.builds(
    lambda a, b, c, pre: f"{a}.{b}.{c}{pre}", numbers, numbers, numbers, st.sampled_from(["", "-0", "-a.1"])
)
partial = st.builds(lambda a, b: f"{a}.{b}", numbers, st.sampled_from(["x", "0", "1", "2"])) | numbers.map(str)
one_range = st.builds(
    lambda sign, text: sign + text, st.sampled_from(["", "^", "~", "<", "<=", ">", ">=", "="]), exact | partial
)
ranges = st.lists(st.lists(one_range, min_size=1, max_size=2).map(" ".join), min_size=1, max_size=3).map(" || ".join)


@given(text=ranges, version=exact)
def test_intervals_agree_with_npms_rule(text, version):
    """Intervals and comparators are two readings of one range."""
    assert satisfies(version, parse(text, loose=True, include_prerelease=True)) == holds(NODE, text, version)


def test_bounds():
    """A range of absurd size is refused; a part that means nothing is passed over only where npm does so."""
    for text in ("1" * 5000, " || ".join(["1"] * 400)):
        with pytest.raises(RangeError):
            NODE.intervals(text)
    with pytest.raises(RangeError):
        parse("==1.0.0")
    assert not is_above("nonsense", parse("1"))


def test_members_are_named_once():
    """An id that occurs twice is refused; every member is in the registry under its own id."""
    assert [language.id for language in BUILTIN] == [language.id for language in registry()]
    with pytest.raises(ValueError, match="twice"):
        Registry("ranges", [*BUILTIN, BUILTIN[0]])
