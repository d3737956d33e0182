"""Texts with CEL holes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core import cel
from tidewaiter.core.cel import CelError, CompileError, Environment, Unknown, types

ENVIRONMENT = Environment(
    variables={"a": types.DYN, "container": types.RecordType("container", {"name": types.STRING})},
    homogeneous_literals=False,
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("no hole", "no hole"),
        ("", ""),
        ("container {{ container.name }} runs", "container web runs"),
        ("{{a}}{{ a }}", "11"),
        ("{{ 'x}}' + \"{{\" }}", "x}}{{"),
        ("{{ 'it\\'s }}' }}", "it's }}"),
        ("{{ {'k': {'n': 1}}.k }} done", '{"n": 1} done'),
        ("{{ [1, 'a', null, 1.0, true, b'b'] }}", '[1, "a", null, 1, true, "b"]'),
        ("{{ duration('90s') }} {{ timestamp('2024-01-01T00:00:00Z') }}", "90s 2024-01-01T00:00:00Z"),
        ("{{ type(1) }} {{ optional.none() }} {{ ip('1.2.3.4') }}", "int optional.none() 1.2.3.4"),
        ("one } and { and }} stay", "one } and { and }} stay"),
        ("{{ lists.range(2000) }}", "..."),
    ],
)
def test_holes_are_filled(source: str, expected: str) -> None:
    """Strings stand bare, other values as text."""
    template = cel.compile_template(source, ENVIRONMENT)
    assert template.evaluate({"a": 1, "container": {"name": "web"}}) == expected


def test_an_unknown_hole_wins_over_a_failed_one() -> None:
    """All reasons of all unknown holes are kept."""
    template = cel.compile_template("{{ a.x }} {{ 1 / a.z }} {{ a.y }}", ENVIRONMENT)
    x, y = Unknown(("x",)), Unknown(("y",))
    assert template.evaluate({"a": {"x": x, "y": y, "z": 0}}) == Unknown(("x", "y"))
    failed = template.evaluate({"a": {"x": 1, "y": 2, "z": 0}})
    assert isinstance(failed, CelError)
    assert failed.message == "division by zero"


def test_references_of_all_holes() -> None:
    """A template tells what it reads."""
    template = cel.compile_template("{{ a.b }} {{ container.name }}", ENVIRONMENT)
    assert template.references == {"a", "a.b", "container", "container.name"}


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("first\nof {{ container.nam }}", 2, 17, "`container` has no field `nam`"),
        ("x {{ a", 1, 3, "`{{` is not closed"),
        ("x {{ 'a }}", 1, 3, "`{{` is not closed"),
        ("x {{ }}", 1, 6, "expected an expression, found the end"),
        ("x {{ {'a': 1} }", 1, 3, "`{{` is not closed"),
    ],
)
def test_places_count_in_the_whole_text(source: str, line: int, column: int, message: str) -> None:
    """An issue inside a hole points into the template."""
    with pytest.raises(CompileError) as caught:
        cel.compile_template(source, ENVIRONMENT)
    assert (caught.value.line, caught.value.column, caught.value.message) == (line, column, message)


def test_the_budget_is_shared_by_all_holes() -> None:
    """A text with many holes costs what its holes cost together."""
    template = cel.compile_template("{{ lists.range(600) }}{{ lists.range(600) }}", ENVIRONMENT)
    assert template.evaluate({}, cost_limit=1500) == CelError("cost limit exceeded")


@given(st.text(st.sampled_from("{}'\"ab \\1"), max_size=30))
def test_any_text_is_a_template_or_a_compile_error(source: str) -> None:
    """Nothing else is raised, and evaluation yields a text or an outcome."""
    try:
        template = cel.compile_template(source, ENVIRONMENT)
    except CompileError:
        return
    assert isinstance(template.evaluate({"a": 1}), (str, CelError, Unknown))
