"""The gradual check: declared records are checked, dyn is not, and every issue has a place and a hint."""

import pytest

from tidewaiter.core import cel
from tidewaiter.core.cel import CompileError, Environment, Function, Overload, types

IMAGE = types.RecordType("image", {"digest": types.STRING, "containers": lambda: types.list_of(CONTAINER)})
CONTAINER: types.RecordType = types.RecordType(
    "container",
    {
        "name": types.STRING,
        "privileged": types.BOOL,
        "runAsUser": types.INT,
        "ports": types.list_of(types.INT),
        "labels": types.map_of(types.STRING, types.STRING),
        "image": IMAGE,
    },
)
VARIABLES = {"container": CONTAINER, "object": types.DYN, "ports": types.list_of(types.INT)}
STRICT = Environment(variables=VARIABLES)


@pytest.mark.parametrize(
    ("source", "column", "message", "hint"),
    [
        ("container.privilegd", 11, "`container` has no field `privilegd`", "did you mean `privileged`?"),
        ("container.runasuser == 0", 11, "`container` has no field `runasuser`", "did you mean `runAsUser`?"),
        (
            "container.image.containers.all(c, c.nam == '')",
            37,
            "`container` has no field `nam`",
            "did you mean `name`?",
        ),
        ("contaner.name", 1, "unknown name `contaner`", "did you mean `container`?"),
        ("container.name.zzz", 16, "`string` has no fields, so `.zzz` cannot be read", None),
        ("container.name == 1", 16, "`string` and `int` are never equal", "convert one side, or use `dyn()`"),
        ("1 + 'a'", 3, "`+` is not defined for `int` and `string`", None),
        ("1 + 1.0", 3, "`+` is not defined for `int` and `double`", None),
        ("1 == 1.0", 3, "`int` and `double` are never equal", "convert one side, or use `dyn()`"),
        ("1.0 in [1]", 5, "the elements are `int`, so `double` is never in it", None),
        ("'a' < 1", 5, "`string` and `int` have no order", None),
        ("container.name && true", 11, "each side of `&&` must be bool, not `string`", None),
        ("'a' ? 1 : 2", 1, "the condition of `?` must be bool, not `string`", None),
        ("[1, 'a']", 5, "list elements must have one type: `int` and `string`", "wrap them in `dyn()`"),
        ("{'a': 1, 'b': 'c'}", 15, "map values must have one type: `int` and `string`", "wrap them in `dyn()`"),
        ("{1.5: 1}", 2, "a map key is a string, int, uint or bool, not `double`", None),
        ("ports['a']", 7, "a list is indexed by int, not by `string`", None),
        ("sizes('a')", 1, "unknown function `sizes`", "did you mean `size`?"),
        ("'a'.startWith('b')", 5, "unknown function `startWith`", "did you mean `startsWith`?"),
        ("ports.all(p, p)", 14, "the condition of `all` must be bool, not `int`", None),
        ("container.privileged.all(p, true)", 11, "`all` needs a list or map, not `bool`", None),
        ("ports.filter(p, q > 1)", 17, "unknown name `q`", None),
        ("Thing{a: 1}", 1, "unknown type `Thing`", None),
        ("[?1]", 3, "`?` needs an optional value, not `int`", None),
        (
            "duration('1 parsec')",
            10,
            "invalid duration '1 parsec': a number with a unit is expected, as in 1h30m or 2.5s",
            None,
        ),
    ],
)
def test_what_cannot_be_right_is_reported(source: str, column: int, message: str, hint: str | None) -> None:
    """The issue says what, where, and what to do."""
    with pytest.raises(CompileError) as caught:
        cel.compile(source, STRICT)
    error = caught.value
    assert (error.line, error.column, error.message, error.hint) == (1, column, message, hint)


def test_a_constant_pattern_is_checked_when_compiling() -> None:
    """The reason of RE2 is in the message; the switch turns it into an error at run time."""
    with pytest.raises(CompileError, match=r"missing \)"):
        cel.compile("container.name.matches('(')", STRICT)
    program = cel.compile("'a'.matches('(')", Environment(check_literals=False))
    assert isinstance(program.evaluate({}), cel.CelError)


def test_all_issues_come_at_once_in_order() -> None:
    """One compile shows everything that is wrong."""
    with pytest.raises(CompileError) as caught:
        cel.compile("container.a\n&& container.b", STRICT)
    assert [(issue.line, issue.column) for issue in caught.value.issues] == [(1, 11), (2, 14)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("container.ports", "list(int)"),
        ("container.ports[0]", "int"),
        ("container.labels['a']", "string"),
        ("container.labels[?'a']", "optional_type(string)"),
        ("container.?name", "optional_type(string)"),
        ("container.ports.map(p, string(p))", "list(string)"),
        ("container.ports.filter(p, p > 1)", "list(int)"),
        ("container.image.containers[0].image.digest", "string"),
        ("object.spec.a + 1", "int"),
        ("object.spec.a", "dyn"),
        ("ports.transformMap(i, v, string(v))", "map(int, string)"),
        ("optional.of(1).optMap(x, string(x))", "optional_type(string)"),
        ("cel.bind(x, 1, [x])", "list(int)"),
        ("true ? 1 : 2", "int"),
        ("true ? dyn(1) : 'a'", "dyn"),
        ("type(1)", "type(int)"),
        ("timestamp('2024-01-01T00:00:00Z') - timestamp('2023-01-01T00:00:00Z')", "google.protobuf.Duration"),
        ("ports.sum()", "int"),
        ("container.name == null", "bool"),
    ],
)
def test_result_types(source: str, expected: str) -> None:
    """The type of an expression is as narrow as is known."""
    assert str(cel.compile(source, STRICT).result_type) == expected


@pytest.mark.parametrize(
    "source",
    [
        "object.a == 1",
        "object.a == 'x' || object.b > 1.5",
        "object.all(x, x)",
        "object.f.g[0].h in [1]",
        "size(object) > 1",
    ],
)
def test_dyn_is_not_checked(source: str) -> None:
    """What is not declared is left to run time."""
    cel.compile(source, STRICT)


def test_fields_may_be_left_open() -> None:
    """Without `strict_fields` an undeclared field is dyn."""
    program = cel.compile("container.other == 1", Environment(variables=VARIABLES, strict_fields=False))
    assert program.evaluate({"container": {"other": 1}}) is True


def test_mixed_literals_are_a_switch() -> None:
    """Kubernetes wants one type per literal, the language does not."""
    program = cel.compile("[1, 'a']", Environment(homogeneous_literals=False))
    assert program.evaluate({}) == [1, "a"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 == 1", set()),
        ("container.name == 'a'", {"container", "container.name"}),
        ("has(container.image.digest)", {"container", "container.image", "container.image.digest"}),
        (
            "container.image.containers.exists(c, c.privileged)",
            {"container", "container.image", "container.image.containers", "container.image.containers[].privileged"},
        ),
        ("object.items[0].name", {"object", "object.items", "object.items[]", "object.items[].name"}),
        ("ports.all(container, container > 1)", {"ports"}),
    ],
)
def test_references_are_the_paths_read(source: str, expected: set[str]) -> None:
    """A program tells which variables and fields it reads; macro variables are no references."""
    assert cel.compile(source, STRICT).references == expected


def test_a_qualified_variable_wins_over_a_field() -> None:
    """The longest declared name comes first, in the container before the root; a leading dot starts at the root."""
    environment = Environment(variables={"a.b": types.INT, "a": types.map_of(), "n.a.b": types.STRING}, container="n")
    values = {"a.b": 1, "a": {"b": 2}, "n.a.b": "in"}
    assert cel.compile("a.b", environment).evaluate(values) == "in"
    assert cel.compile(".a.b", environment).evaluate(values) == 1
    assert cel.compile("a['b']", environment).evaluate(values) == 2


def test_functions_see_the_declared_types() -> None:
    """An overload that does not fit is an error that shows those that exist."""
    twice = Function("twice", (Overload((types.INT,), types.INT, lambda value: value * 2),))
    environment = Environment(variables=VARIABLES, functions=(twice,))
    assert cel.compile("twice(4)", environment).evaluate({}) == 8
    with pytest.raises(CompileError) as caught:
        cel.compile("twice(container.name)", environment)
    assert (caught.value.message, caught.value.hint) == ("`twice` does not take (string)", "it is twice(int)")
