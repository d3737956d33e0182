"""The one RE2 wrapper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.regex import MAX_PATTERN_LENGTH, Match, Pattern, PatternError, compile_pattern, escape


def test_found_is_unanchored_and_whole_is_not() -> None:
    """`found` looks anywhere, `whole` wants all of the subject, a final newline included."""
    pattern = compile_pattern("b+")
    assert pattern.found("abbc")
    assert not pattern.whole("abbc")
    assert pattern.whole("bb")
    assert not pattern.whole("bb\n")


def test_a_match_carries_text_place_and_groups_in_code_points() -> None:
    """Places count code points, not bytes; an unset group is None."""
    match = compile_pattern("(é+)(x)?").search("aaéé")
    assert isinstance(match, Match)
    assert (match.text, match.start, match.end, match.groups) == ("éé", 2, 4, ("éé", None))
    assert compile_pattern("z").search("aaéé") is None


def test_matches_come_from_left_to_right() -> None:
    """All matches that do not overlap are yielded in order."""
    assert [match.text for match in compile_pattern("[a-z]+").matches("ab 1 cd")] == ["ab", "cd"]


def test_case_is_ignored_on_request() -> None:
    """The switch is part of the kept pattern, not a state."""
    assert compile_pattern("abc", ignore_case=True).found("xABCx")
    assert not compile_pattern("abc").found("xABCx")


@pytest.mark.parametrize(
    ("source", "reason", "offset"),
    [
        ("a(?<=b)", "invalid perl operator '(?<='", 1),
        (r"(a)\1", r"invalid escape sequence '\\1'", 3),
        ("x**", "bad repetition operator '**'", 1),
        ("(abc", "missing ) '(abc'", 0),
    ],
)
def test_a_refused_pattern_says_why_and_where(source: str, reason: str, offset: int) -> None:
    """The error names the pattern, the reason and the offset."""
    with pytest.raises(PatternError) as caught:
        compile_pattern(source)
    assert (caught.value.pattern, caught.value.reason, caught.value.offset) == (source, reason, offset)
    assert f"at offset {offset}" in str(caught.value)


def test_a_long_pattern_is_refused() -> None:
    """The length of a pattern is bounded before RE2 sees it, and the message stays short."""
    with pytest.raises(PatternError) as caught:
        Pattern("a" * (MAX_PATTERN_LENGTH + 1))
    assert len(str(caught.value)) < 250


def test_a_pattern_that_backtracks_elsewhere_is_fast() -> None:
    """Nested repetition over a long subject takes linear time."""
    assert not compile_pattern("(a+)+$").found("a" * 50_000 + "b")


def test_surrogates_in_a_subject_do_not_raise() -> None:
    """Foreign bytes that decoded to lone surrogates are subjects like any other."""
    assert compile_pattern("b").found("a\udcffb")
    assert not compile_pattern("^b$").whole("a\udcffb")
    with pytest.raises(PatternError):
        compile_pattern("\udcff")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_an_escaped_text_matches_itself_only(text: str) -> None:
    """`escape` makes a pattern of exactly this text."""
    pattern = compile_pattern(escape(text))
    assert pattern.whole(text)
    assert not pattern.whole(text + "x")


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_pattern_raises_anything_but_a_pattern_error(source: str, subject: str) -> None:
    """Whatever the user writes, there is a match, no match, or a clear error."""
    try:
        compile_pattern(source).found(subject)
    except PatternError as error:
        assert error.reason  # noqa: PT017 - both outcomes are right
