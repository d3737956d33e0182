"""The list of a family."""

from dataclasses import dataclass

import pytest

from tidewaiter.core.registry import Registry


@dataclass(frozen=True)
class _Member:
    id: str
    tags: frozenset[str] = frozenset()


def test_members_keep_their_order() -> None:
    """The order of the list is the order of the report."""
    assert ["b", "a"] == [member.id for member in Registry("letters", [_Member("b"), _Member("a")])]


def test_an_id_that_occurs_twice_is_refused() -> None:
    """A second member never replaces the first silently."""
    with pytest.raises(ValueError, match="letters: `a` is registered twice"):
        Registry("letters", [_Member("a"), _Member("a")])


def test_selection_needs_all_tags() -> None:
    """Selecting by two tags returns only the members that carry both."""
    both = _Member("both", frozenset({"image", "os"}))
    family = Registry("letters", [_Member("one", frozenset({"image"})), both])
    assert (both,) == family.select("image", "os")
    assert 2 == len(family)
    assert "both" in family
    assert "neither" not in family
    assert both is family["both"]
