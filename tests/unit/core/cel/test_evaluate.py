"""What expressions evaluate to, where Python itself would answer otherwise."""

import math
import threading
from typing import Any

import pytest

from tidewaiter.core import cel
from tidewaiter.core.cel import CelError, Duration, Environment, Optional, Timestamp, TypeValue, UInt, types

ENVIRONMENT = Environment(
    variables=dict.fromkeys(("x", "y", "m", "items"), types.DYN), homogeneous_literals=False, check=False
)


def evaluate(source: str, **values: Any) -> Any:
    """Compile without the check and evaluate."""
    return cel.compile(source, ENVIRONMENT).evaluate(values)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("7 / -2", -3),
        ("1.0 / 0.0", math.inf),
        ("-1.0 / 0.0", -math.inf),
        ("1u + 2u", UInt(3)),
        ("5u / 2u", UInt(2)),
        ("1 == 1.0", True),
        ("1 == 1u", True),
        ("1 == true", False),
        ("0 == false", False),
        ("true in [1]", False),
        ("1.0 in [1]", True),
        ("1 in {1: 'a', true: 'b'}", True),
        ("{1: 'a', true: 'b'}[true]", "b"),
        ("{1: 'a', true: 'b'}[1.0]", "a"),
        ("{true: 'b'}[?1].hasValue()", False),
        ("{1: 1, 2: 2} == {2: 2.0, 1: 1u}", True),
        ("[1, [2]] == [1.0, [2u]]", True),
        ("null == null", True),
        ("null == 0", False),
        ("0.0 / 0.0 == 0.0 / 0.0", False),
        ("'é' == '\\u00e9'", True),
        ("size('éa')", 2),
        ("size(b'é')", 2),
        ("'a' + 'b'", "ab"),
        ("[1] + [2]", [1, 2]),
        ("b'a' + b'b'", b"ab"),
        ("string(1.0)", "1"),
        ("string(1e6)", "1e+06"),
        ("string(123456.75)", "123456.75"),
        ("string(1.5e-7)", "1.5e-07"),
        ("int(-1.9)", -1),
        ("int('-12')", -12),
        ("uint('12')", UInt(12)),
        ("double('1e3')", 1000.0),
        ("bool('t')", True),
        ("string(b'ab')", "ab"),
        ("type(1u)", TypeValue("uint")),
        ("type(type(1)) == type", True),
        ("type(null) == null_type", True),
        ("timestamp('2024-02-29T12:00:00.123456789+02:00')", Timestamp(1709200800123456789)),
        ("string(timestamp('2024-02-29T12:00:00.5+02:00'))", "2024-02-29T10:00:00.5Z"),
        ("duration('-1h2m3.5s')", Duration(-3723500000000)),
        ("string(duration('90m'))", "5400s"),
        ("duration('1s') + timestamp('2024-01-01T00:00:00Z') == timestamp('2024-01-01T00:00:01Z')", True),
        ("timestamp('2024-03-01T01:30:00Z').getDate('America/New_York')", 29),
        ("timestamp('2024-03-01T01:30:00Z').getHours('-02:00')", 23),
        ("r'\\n' == '\\\\n'", True),
        ("'''a\n'b''' == \"a\\n'b\"", True),
        ("b'\\xff\\377\\n'", b"\xff\xff\n"),
        ("{'a': {'b': 1}}.a.b", 1),
        ("{'a': 1}.?b.orValue(2)", 2),
        ("{'a': {'b': 1}}.?a.b", Optional(True, 1)),
        ("[1, 2][?5]", Optional(False)),
        ("[?optional.of(1), ?optional.none()]", [1]),
        ("{?'a': optional.none(), ?'b': optional.of(1)}", {"b": 1}),
        ("[1, 2, 3].filter(v, v > 1).map(v, v * 2)", [4, 6]),
        ("[1, 2, 3].map(v, v > 1, v)", [2, 3]),
        ("{'a': 1}.map(k, k)", ["a"]),
        ("[1, 2, 2].exists_one(v, v == 2)", False),
        ("[3, 4].all(i, v, i < v)", True),
        ("{'a': 1}.transformMapEntry(k, v, {string(v): k})", {"1": "a"}),
        ("[1, 2].transformMap(i, v, v > 1, v)", {1: 2}),
        ("cel.bind(v, 1 / 0, true)", True),
        ("false && 1 / 0 == 1", False),
        ("1 / 0 == 1 || true", True),
        ("[0, 1].exists(v, 1 / v == 1)", True),
        ("[0, 1].all(v, 1 / v == 2)", False),
        ("1 / 0 == 1 && false", False),
        ("true ? 1 : 1 / 0", 1),
        ("'abc'.matches('b')", True),
        ("matches('abc', '^b')", False),
        ("has({'a': null}.a)", True),
        ("'a' < 'b' && b'a' < b'b' && false < true", True),
        ("1 < 1.5 && 2u > 1", True),
        ("!!true", True),
        ("- -3", 3),
        ("[].all(v, false)", True),
        ("[] == {}", False),
    ],
)
def test_value(source: str, expected: Any) -> None:
    """The value has CEL's type too: a bool is no int, a uint no int."""
    actual = evaluate(source)
    assert actual == expected
    assert type(actual) is type(expected)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("9223372036854775807 + 1", "integer overflow"),
        ("-(-9223372036854775807 - 1)", "integer overflow"),
        ("-9223372036854775808 / -1", "integer overflow"),
        ("-9223372036854775808 % -1", "integer overflow"),
        ("4611686018427387904 * 2", "integer overflow"),
        ("0u - 1u", "unsigned integer overflow"),
        ("1 / 0", "division by zero"),
        ("1 % 0", "modulus by zero"),
        ("1.0 % 1.0", "no such overload: %(double, double)"),
        ("1 + 1.0", "no such overload: +(int, double)"),
        ("true + 1", "no such overload: +(bool, int)"),
        ("-1u", "no such overload: -(uint)"),
        ("!1", "no such overload: !(int)"),
        ("1 && true", "no such overload: a condition must be bool"),
        ("1 ? 2 : 3", "no such overload: a condition must be bool"),
        ("'a' < 1", "no such overload: `<` is not defined for these values"),
        ("{'a': 1}.b", "no such key: b"),
        ("{'a': 1}['b']", "no such key: 'b'"),
        ("null.b", "no such overload: .b of a value without fields"),
        ("[1][1]", "index out of bounds: 1"),
        ("[1][0.5]", "invalid list index: 0.5"),
        ("[1][true]", "no such overload: a list is indexed by int"),
        ("{'a': 1, 'a': 2}", "the map literal has a key twice"),
        ("{1: 1, 1u: 2}", "the map literal has a key twice"),
        ("{1.5: 1}", "unsupported key type: a map key is a string, int, uint or bool"),
        ("1.all(v, true)", "no such overload: only lists and maps can be iterated"),
        ("int(1e300)", "integer overflow: the double is out of range"),
        ("int('1.5')", "type conversion error: '1.5' is not an int"),
        ("int('1_000')", "type conversion error: '1_000' is not an int"),
        ("uint(-1)", "unsigned integer overflow"),
        ("string(b'\\xff')", "type conversion error: the bytes are not valid UTF-8"),
        ("bool('TrUe')", "type conversion error: 'TrUe' is not a bool"),
        ("timestamp('2024-02-30T00:00:00Z')", "invalid timestamp '2024-02-30T00:00:00Z': no such day"),
        ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "timestamp out of range"),
        ("optional.none().value()", "optional.none() has no value"),
        ("'a'.matches('(')", "invalid regular expression '(' at offset 0: missing ) '('"),
        ("nothing", "no value for `nothing`"),
        ("nothing(1)", "unknown function `nothing`"),
        ("Nothing{}", "unknown type `Nothing`"),
        ("[?1]", "no such overload: `?` needs an optional value"),
    ],
)
def test_error(source: str, message: str) -> None:
    """A failing expression says why; errors are values."""
    actual = evaluate(source)
    assert isinstance(actual, CelError)
    assert actual.message == message


def test_an_error_knows_its_place() -> None:
    """The offset points at the operator, function or field that failed."""
    error = evaluate("1 + [1, 2][x]", x=7)
    assert isinstance(error, CelError)
    assert error.offset == 10
    assert str(error) == "index out of bounds: 7"


def test_big_integers_of_documents_do_not_leave_64_bits() -> None:
    """JSON may hold larger numbers than CEL; arithmetic with them is an error, not a wrong number."""
    assert evaluate("x + 1", x=2**70) == CelError("integer overflow", 2)
    assert evaluate("x > 1", x=2**70) is True
    assert isinstance(evaluate("double(x)", x=10**400), CelError)
    assert isinstance(evaluate("x < 1.5", x=10**400), CelError)


def test_tuples_and_other_mappings_are_lists_and_maps() -> None:
    """Facts hold tuples; views are mappings of their own class."""
    assert evaluate("x.exists(v, v == 2) && size(x) == 2 && x == [1, 2]", x=(1, 2)) is True
    assert evaluate("x.a == 1 && 'a' in x && x == {'a': 1}", x={"a": 1}) is True


def test_booleans_as_keys_of_python_maps_stay_apart() -> None:
    """A map read from YAML may have a bool key; the number 1 does not find it."""
    assert evaluate("[true in x, 1 in x, x[true]]", x={True: "yes"}) == [True, False, "yes"]
    assert evaluate("[true in x, 1 in x, 0 in x]", x={1: "one"}) == [False, True, False]


def test_a_program_may_run_in_many_threads() -> None:
    """Evaluations share nothing that changes."""
    program = cel.compile("items.map(v, v + x).exists(v, v == x + 3)", ENVIRONMENT)
    wrong: list[int] = []

    def work(number: int) -> None:
        outcomes = [program.evaluate({"items": [1, 2, 3], "x": number}) for _ in range(200)]
        wrong.extend(number for outcome in outcomes if outcome is not True)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_program_may_call_itself() -> None:
    """Evaluation is re-entrant: a function may evaluate the same program."""
    programs: list[cel.Program] = []
    fact = cel.Function(
        "fact", (cel.Overload((types.INT,), types.INT, lambda value: programs[0].evaluate({"x": value})),)
    )
    environment = Environment(variables={"x": types.INT}, functions=(fact,))
    programs.append(cel.compile("x <= 1 ? 1 : [x].map(v, v * fact(v - 1))[0]", environment))
    assert programs[0].evaluate({"x": 10}) == 3628800


def test_a_deeply_nested_value_is_an_error() -> None:
    """Recursion over data ends in an error value."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert isinstance(evaluate("x == y", x=deep, y=[deep]), CelError)
