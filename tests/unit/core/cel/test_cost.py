"""The cost limit: what is charged, and that no expression escapes it in time or memory."""

from typing import Any

import pytest

from tidewaiter.core import cel
from tidewaiter.core.cel import CelError, Environment, types

ENVIRONMENT = Environment(variables={"x": types.DYN, "l": types.list_of(types.INT)}, homogeneous_literals=False)
EXHAUSTED = CelError("cost limit exceeded")


def measure(source: str, **values: Any) -> cel.Evaluation:
    """Evaluate and return value and cost."""
    return cel.compile(source, ENVIRONMENT).measure(values)


@pytest.mark.parametrize(
    ("source", "cost"),
    [
        ("true", 0),
        ("x", 1),
        ("x.a", 2),
        ("has(x.a)", 1),
        ("x.a == 1", 3),
        ("x.a == 'twelve chars'", 5),
        ("[x]", 10 + 1),
        ("{'a': x}", 30 + 1),
        ("size('abc')", 1),
        ("x.b || x.c", 4),
        ("x.c || x.b", 2),
        ("x.c ? 1 : x.a + x.a + x.a", 2),
        ("l.all(v, v > 0)", 1 + 3 * 3),
        ("l.all(v, v > 1)", 1 + 3),
        ("1 in l", 2 + 3),
        ("x.s.contains('bcd')", 3 + 10),
        ("x.s.matches('^a+$')", 3 + 11),
        ("x.s + x.s", 5 + 20),
        ("x.s.lowerAscii()", 3 + 10),
    ],
)
def test_costs_are_those_of_the_api_server_or_near(source: str, cost: int) -> None:
    """Names, fields and calls cost one, lists 10, maps 30, texts a tenth per character; only what runs is charged."""
    values = {"x": {"a": 1, "b": False, "c": True, "s": "a" * 100}, "l": [1, 2, 3]}
    assert measure(source, **values).cost == cost


def test_the_limit_cannot_be_absorbed() -> None:
    """Neither logic nor quantifiers nor optionals turn an exhausted budget into an answer."""
    program = cel.compile("l.all(v, v > 0) || true || l.exists(v, l.all(w, w > 0))", ENVIRONMENT)
    assert program.evaluate({"l": [1] * 100}, cost_limit=50) == EXHAUSTED
    assert program.evaluate({"l": [1] * 100}, cost_limit=1000) is True


def test_straight_code_is_limited_too() -> None:
    """An expression without loops fails a limit below its own cost."""
    assert cel.compile("x + x + x", ENVIRONMENT).evaluate({"x": 1}, cost_limit=4) == EXHAUSTED


def doubled(times: int, first: str, step: str, body: str) -> str:
    """Return an expression that binds v0, v1 … each made of two of the one before."""
    names = [(f"v{n}", first if n == 0 else step.replace("v", f"v{n - 1}")) for n in range(times)]
    text = body.replace("v", f"v{times - 1}")
    for name, value in reversed(names):
        text = f"cel.bind({name}, {value}, {text})"
    return text


@pytest.mark.parametrize(
    "body",
    [
        "[v] == [v]",
        "v",
        "'%s'.format([v])",
        "v in [v, v]",
        "v.flatten(90)",
        "sets.contains(v, v)",
        "[v].indexOf(v)",
        "[v].distinct()",
    ],
)
def test_shared_parts_do_not_explode(body: str) -> None:
    """A value with 2^100 places is never walked through."""
    source = doubled(100, "['a']", "[v, v]", body)
    assert cel.compile(source, ENVIRONMENT).evaluate({}) == EXHAUSTED


@pytest.mark.parametrize(("first", "step"), [("x", "v + v"), ("[x]", "v + v")])
def test_doubling_texts_and_lists_ends(first: str, step: str) -> None:
    """Concatenation is charged by the size of its result, before it is made."""
    assert cel.compile(doubled(60, first, step, "size(v)"), ENVIRONMENT).evaluate({"x": "abc"}) == EXHAUSTED


@pytest.mark.parametrize(
    "source",
    [
        "lists.range(1000000000)",
        "x.replace('', x)",
        "lists.range(100000).map(v, x).join(x)",
        "lists.range(2000).map(a, lists.range(2000).map(b, a * b))",
        "lists.range(100000).exists(v, x.matches('(a|b)*c'))",
        "x.split('').map(c, x.split('')).flatten()",
    ],
)
def test_amplifying_calls_end(source: str) -> None:
    """Calls whose result is much larger than their arguments are charged for the result."""
    assert cel.compile(source, ENVIRONMENT).evaluate({"x": "ab" * 50_000}) == EXHAUSTED


def test_a_budget_may_be_shared() -> None:
    """`measure` tells the cost, so that several expressions draw on one budget."""
    first = measure("l.all(v, v > 0)", l=[1, 2, 3])
    assert first == cel.Evaluation(True, 10)
    rest = cel.compile("l.all(v, v > 0)", ENVIRONMENT).measure({"l": [1, 2, 3]}, cost_limit=15 - first.cost)
    assert rest.value == EXHAUSTED


def test_constant_calls_are_computed_once_and_still_charged() -> None:
    """Folding saves time, not cost."""
    calls: list[str] = []

    def rank(name: str) -> int:
        calls.append(name)
        return len(name)

    function = cel.Function("rank", (cel.Overload((types.STRING,), types.INT, rank),), foldable=True)
    program = cel.compile("rank('high') < 9", Environment(functions=(function,)))
    assert [program.evaluate({}) for _ in range(3)] == [True] * 3
    assert calls == ["high"]
    assert program.measure({}).cost == 2
