"""Unknown is a value: it is absorbed where the answer does not depend on it, wins over errors, and keeps its reasons."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core import cel
from tidewaiter.core.cel import CelError, Environment, Function, Overload, Unknown, types

U = Unknown(("image not scanned",))
V = Unknown(("namespace not loaded",))
ENVIRONMENT = Environment(
    variables={**dict.fromkeys("abcuvel", types.DYN), "r": types.RecordType("r", {"f": types.STRING, "g": types.INT})}
)
VALUES: dict[str, Any] = {"u": U, "v": V, "l": [1, U, 3], "r": {"f": U}, "e": CelError("broken")}


def evaluate(source: str, **values: Any) -> Any:
    """Evaluate over the unknowns `u` and `v`, the error `e`, and a list and record with an unknown inside."""
    return cel.compile(source, ENVIRONMENT).evaluate(VALUES | values)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("u", U),
        ("false && u", False),
        ("u && false", False),
        ("true || u", True),
        ("u || true", True),
        ("true && u", U),
        ("u || false", U),
        ("u && v", Unknown(("image not scanned", "namespace not loaded"))),
        ("v || u", Unknown(("namespace not loaded", "image not scanned"))),
        ("u && u", U),
        ("e && u", U),
        ("u && e", U),
        ("e || u", U),
        ("e && false", False),
        ("e && true", CelError("broken")),
        ("e == 1 && u && false", False),
        ("!u", U),
        ("u == 1", U),
        ("u == u", U),
        ("1 != u", U),
        ("u + v", Unknown(("image not scanned", "namespace not loaded"))),
        ("1 / 0 + u", U),
        ("u + 1 / 0", U),
        ("e == u", U),
        ("u < 1", U),
        ("u in [1]", U),
        ("1 in u", U),
        ("e in u", U),
        ("u.field.other", U),
        ("u[0]", U),
        ("u[e]", U),
        ("[1][u]", U),
        ("has(u.field)", U),
        ("has(r.f)", U),
        ("has(r.g)", False),
        ("r.f == 'x'", U),
        ("u ? 1 : 2", U),
        ("true ? 1 : u", 1),
        ("[u, v]", Unknown(("image not scanned", "namespace not loaded"))),
        ("[1 / 0, u].size()", U),
        ("{'a': u}", U),
        ("string(u)", U),
        ("u.startsWith(v)", Unknown(("image not scanned", "namespace not loaded"))),
        ("'abc'.replace(u, 'b', e)", U),
        ("u.all(x, true)", U),
        ("l.exists(x, x == 3)", True),
        ("l.exists(x, x == 4)", U),
        ("l.all(x, x < 3)", False),
        ("l.all(x, x < 4)", U),
        ("l.all(x, x / 0 == 1)", U),
        ("l.map(x, 1)", [1, 1, 1]),
        ("l.map(x, x)", U),
        ("l.filter(x, x > 1)", U),
        ("l.exists_one(x, x > 1)", U),
        ("size(l)", 3),
        ("3 in l", True),
        ("4 in l", U),
        ("l == [1, 2, 4]", False),
        ("l == [1, 2, 3]", U),
        ("l.sum()", U),
        ("sets.contains(l, [3])", True),
        ("'%s'.format([l])", U),
        ("u.orValue(1)", U),
        ("optional.of(1).orValue(u)", 1),
        ("optional.none().orValue(u)", U),
        ("cel.bind(x, u, true)", True),
        ("cel.bind(x, u, x || true)", True),
        ("cel.bind(x, u, x)", U),
        ("u.?a", U),
        ("u.?a.orValue(1)", U),
        ("[?u]", U),
    ],
)
def test_outcome(source: str, expected: Any) -> None:
    """What an expression over unknowns yields, reasons in order."""
    actual = evaluate(source)
    if isinstance(expected, CelError):
        assert isinstance(actual, CelError)
        assert actual.message == expected.message
    else:
        assert actual == expected


def test_many_errors_in_a_loop_do_not_hide_an_unknown() -> None:
    """However many elements fail, the unknown one decides what the loop ends in."""
    assert evaluate("a.all(x, 1 / x == 1)", a=[0] * 5000 + [U]) == U


THREE = st.sampled_from(["true", "false", "u", "e"])
ANSWERS = {"true": True, "false": False, "u": U, "e": CelError}


def reference(operator: str, terms: list[str]) -> Any:
    """Return the specified outcome of a chain: a decisive term, else unknown, else error, else neutral."""
    decisive = "true" if operator == "||" else "false"
    if decisive in terms:
        return ANSWERS[decisive]
    if "u" in terms:
        return U
    return CelError if "e" in terms else operator == "&&"


@given(st.sampled_from(["&&", "||"]), st.lists(THREE, min_size=2, max_size=6))
def test_chains_follow_the_truth_table(operator: str, terms: list[str]) -> None:
    """Order and length of a chain do not matter."""
    actual = evaluate(f" {operator} ".join(terms))
    expected = reference(operator, terms)
    assert isinstance(actual, CelError) if expected is CelError else actual == expected


@given(st.sampled_from(["all", "exists"]), st.lists(THREE, max_size=6))
def test_quantifiers_follow_the_truth_table(kind: str, terms: list[str]) -> None:
    """A quantifier is a chain over its elements."""
    items = [{"true": True, "false": False, "u": U, "e": CelError("broken")}[term] for term in terms]
    actual = evaluate(f"a.{kind}(x, x)", a=items)
    expected = reference("&&" if kind == "all" else "||", terms)
    assert isinstance(actual, CelError) if expected is CelError else actual == expected


class Lazy(dict[str, Any]):
    """A record that computes its fields when they are read, as the policy layer's views do."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def __missing__(self, name: str) -> Any:
        self.read.append(name)
        if name == "absent":
            raise KeyError(name)
        return {"known": 1, "none": None, "unknown": U, "error": CelError("failed")}[name]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.known == 1", True),
        ("has(a.known)", True),
        ("has(a.none)", True),
        ("has(a.absent)", False),
        ("has(a.other)", False),
        ("has(a.unknown)", U),
        ("a.unknown == 1", U),
        ("a.?absent.orValue(5)", 5),
        ("a.?unknown.orValue(5)", U),
        ("a['known']", 1),
        ("a[?'absent'].hasValue()", False),
        ("'known' in a", True),
        ("'absent' in a", False),
        ("'unknown' in a", U),
        ("[a].all(x, has(x.known) && x.known == 1)", True),
    ],
)
def test_lazy_records_are_asked_by_name(source: str, expected: Any) -> None:
    """A field is read with `record[name]`; KeyError means absent; an unknown field is unknown."""
    assert evaluate(source, a=Lazy()) == expected


def test_lazy_fields_are_computed_only_when_read() -> None:
    """What the answer does not need is not computed."""
    record = Lazy()
    assert evaluate("a.known == 2 && a.unknown", a=record) is False
    assert record.read == ["known"]


def test_an_absent_field_of_a_lazy_record_is_an_error_that_names_it() -> None:
    """The message tells which field."""
    assert evaluate("a.absent", a=Lazy()) == CelError("no such key: absent", 2)
    assert evaluate("a.error", a=Lazy()) == CelError("failed")


def test_functions_see_no_unknown_unless_they_ask() -> None:
    """The engine handles errors and unknowns; a non-strict function gets them as values."""
    seen: list[Any] = []

    def known(value: Any) -> bool:
        seen.append(value)
        return not isinstance(value, (Unknown, CelError))

    def functions() -> Iterator[Function]:
        yield Function("strict", (Overload((types.DYN,), types.BOOL, known),))
        yield Function("known", (Overload((types.DYN,), types.BOOL, known, non_strict=True),))
        yield Function("look", (Overload((), types.DYN, lambda: V),))
        yield Function("crash", (Overload((types.DYN,), types.DYN, lambda value: value.nope),))

    environment = Environment(variables={"u": types.DYN}, functions=functions())

    def run(source: str) -> Any:
        return cel.compile(source, environment).evaluate({"u": U})

    assert run("strict(u)") == U
    assert seen == []
    assert run("known(u)") is False
    assert run("known(1)") is True
    assert run("look()") == V
    assert run("look() || true") is True
    assert isinstance(run("crash(1)"), CelError)
    assert run("crash(1) || true") is True


def test_merging_keeps_each_reason_once() -> None:
    """Reasons keep the order of their first appearance."""
    assert Unknown.merged([U, V, U]) == Unknown(("image not scanned", "namespace not loaded"))
    assert str(Unknown.merged([U, V])) == "image not scanned; namespace not loaded"
