"""Source text to syntax tree: shapes, places, limits, and that nothing but `CompileError` is ever raised."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cel_strategies import expressions
from tidewaiter.core.cel import CompileError, ast
from tidewaiter.core.cel.libraries import DEFAULT
from tidewaiter.core.cel.macros import Macros
from tidewaiter.core.cel.parser import MAX_NESTING, parse
from tidewaiter.core.cel.unparse import unparse

MACROS = Macros(macro for library in DEFAULT for macro in library.macros)
TOKENS = st.sampled_from(
    [*"()[]{}.,:?!-+*/%<>", "&&", "||", "==", " in ", " ", "a", "b.c", "1", "2u", "1.5", "'x'", "b'y'", "null", "has("]
)


def shape(node: object) -> object:
    """Return a tree without its offsets, for comparison."""
    if isinstance(node, ast.Node):
        fields = {name: shape(getattr(node, name)) for name in node.__struct_fields__ if name != "offset"}
        return (type(node).__name__, fields)
    if isinstance(node, tuple):
        return [shape(item) for item in node]
    return repr(node)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)-4", "1 - (2 - 3) - 4"),
        ("a&&b||c&&!d", "a && b || c && !d"),
        ("a?b:c?d:e", "a ? b : c ? d : e"),
        ("(a?b:c)?d:e", "(a ? b : c) ? d : e"),
        ("-a.b", "-a.b"),
        ("(-a).b", "(-a).b"),
        ("- 1", "-1"),
        ("a.b[c].d(e)", "a.b[c].d(e)"),
        ("a.?b[?c]", "a.?b[?c]"),
        ("[1,?a,]", "[1, ?a]"),
        ("{'a':1,?b:c,}", '{"a": 1, ?b: c}'),
        ("a.B{c:1,?d:e}", "a.B{c: 1, ?d: e}"),
        (".a.b", ".a.b"),
        ("a.`b-c`", "a.`b-c`"),
        ("has(a.b)", "has(a.b)"),
        ("a.all(x,x>1)", "a.all(x, x > 1)"),
        ("a.map(x,x>1,x)", "a.map(x, x > 1, x)"),
        ("a.transformList(i,v,v)", "a.transformList(i, v, v)"),
        ("cel.bind(x,1,x)", "cel.bind(x, 1, x)"),
        ("a.optMap(x,x)", "a.optMap(x, x)"),
        ("a in b // why\n", "a in b"),
    ],
)
def test_precedence_and_forms(source: str, expected: str) -> None:
    """Operators bind as the language says; the text written back shows how."""
    assert unparse(parse(source, MACROS)) == expected


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("", 1, 1, "expected an expression, found the end"),
        ("1 +", 1, 4, "expected an expression, found the end"),
        ("a\n  .b ==\n  )", 3, 3, "expected an expression, found `)`"),
        ("a b", 1, 3, "unexpected `b` after the expression"),
        ("f(1 2)", 1, 5, "expected `,` or `)` in the arguments, found `2`"),
        ("a = b", 1, 3, "unexpected character '='"),
        ("'abc", 1, 1, "string is not closed"),
        ("'a\\q'", 1, 3, "invalid escape sequence '\\\\q'"),
        ("'\\ud800'", 1, 2, "\\ud800 is not a Unicode scalar value"),
        ("9223372036854775808", 1, 1, "int literal out of range (64 bits)"),
        ("18446744073709551616u", 1, 1, "uint literal out of range (64 bits)"),
        ("9" * 5000, 1, 1, "number literal too long"),
        ("for", 1, 1, "`for` is a reserved word"),
        ("a.in", 1, 3, "expected a field name, found `in`"),
        ("has(a)", 1, 5, "`has()` needs a field selection such as `a.b`"),
        ("a.all(b.c, true)", 1, 9, "the argument must be a simple variable name"),
        ("a.all(x, x, true)", 1, 10, "the two variables must have different names"),
    ],
)
def test_a_syntax_error_names_its_place(source: str, line: int, column: int, message: str) -> None:
    """Line and column count from 1 and point at the fault."""
    with pytest.raises(CompileError) as caught:
        parse(source, MACROS)
    assert (caught.value.line, caught.value.column, caught.value.message) == (line, column, message)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000,
        "[" * 5000,
        "{1:" * 5000,
        "!" * 5000,
        "f(" * 5000,
        "a" + ".b" * 5000,
        "1" + "+1" * 5000,
        "a?1:" * 5000,
    ],
)
def test_deep_nesting_is_refused(source: str) -> None:
    """Depth is an error of the expression, never of Python's stack."""
    with pytest.raises(CompileError):
        parse(source, MACROS)


@pytest.mark.parametrize("opening", ["(", "[", "f("])
def test_nesting_up_to_the_limit_is_read(opening: str) -> None:
    """What is within the limit parses."""
    closing = {"(": ")", "[": "]", "f(": ")"}[opening]
    parse(opening * (MAX_NESTING - 1) + "1" + closing * (MAX_NESTING - 1), MACROS)


def test_long_chains_of_logic_are_flat() -> None:
    """Thousands of `&&` terms are one node."""
    node = parse(" && ".join(["a"] * 5000), MACROS)
    assert isinstance(node, ast.Logical)
    assert len(node.terms) == 5000


def test_an_overlong_source_is_refused() -> None:
    """The length is bounded before any work."""
    with pytest.raises(CompileError) as caught:
        parse("1" + " " * 100_000, MACROS)
    assert "at most 100000" in caught.value.message


def test_nodes_know_where_they_stand() -> None:
    """The offset of a node points into the source."""
    node = parse("abc + d", MACROS)
    assert isinstance(node, ast.Call)
    assert [arg.offset for arg in node.args] == [0, 6]
    with pytest.raises(AttributeError):
        node.offset = 3  # type: ignore[misc]
    assert isinstance(node, msgspec.Struct)


@given(st.text(max_size=60) | st.lists(TOKENS, max_size=25).map("".join))
def test_any_text_gives_a_tree_or_a_compile_error(source: str) -> None:
    """The parser raises nothing else, whatever it is given."""
    try:
        parse(source, MACROS)
    except CompileError as error:
        assert error.issues  # noqa: PT017 - both outcomes are right


@given(expressions())
def test_written_back_and_read_again_is_the_same_tree(source: str) -> None:
    """Unparsing loses nothing but places."""
    tree = parse(source, MACROS)
    assert shape(parse(unparse(tree), MACROS)) == shape(tree)
