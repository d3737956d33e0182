"""Hypothesis strategies of CEL expressions over a fixed set of variables."""

from typing import Any

from hypothesis import strategies as st

VARIABLES: dict[str, Any] = {
    "i": 7,
    "j": -3,
    "d": 2.5,
    "s": "hello",
    "t": "",
    "b": True,
    "l": [1, 2, 3],
    "m": {"a": 1, "b": 2},
    "n": {"x": {"y": "z"}, "list": [{"k": 1}, {"k": 2, "f": True}]},
}

_INTS = st.sampled_from(["0", "1", "-1", "2", "7", "100", "9223372036854775807", "-9223372036854775808"])
_UINTS = st.sampled_from(["0u", "1u", "18446744073709551615u"])
_DOUBLES = st.sampled_from(["0.0", "1.0", "-1.5", "2.5", "1e10"])
_STRINGS = st.sampled_from(["''", "'a'", "'hello'", "'é'", "'a b'", "'1'", "'true'"])
_LEAVES = st.one_of(
    _INTS,
    _UINTS,
    _DOUBLES,
    _STRINGS,
    st.sampled_from(["true", "false", "null", "b'x'", "[]", "{}"]),
    st.sampled_from(sorted(VARIABLES)),
    st.sampled_from(["n.x", "n.x.y", "n.list", "m.a", "m.c", "n.x.q"]),
)
_OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "in", "&&", "||"])
_MEMBERS = st.sampled_from(["startsWith", "endsWith", "contains"])
_FUNCTIONS = st.sampled_from(["size", "type", "int", "uint", "double", "string", "dyn", "bool", "bytes"])
_MACROS = st.sampled_from(["all", "exists", "exists_one", "filter", "map"])


def _extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, _OPERATORS, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(st.sampled_from("!-"), inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} ? {parts[1]} : {parts[2]})"),
        st.tuples(_FUNCTIONS, inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(inner, _MEMBERS, inner).map(lambda parts: f"({parts[0]}).{parts[1]}({parts[2]})"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})[{parts[1]}]"),
        st.tuples(inner, _MACROS, inner).map(lambda parts: f"({parts[0]}).{parts[1]}(v, {parts[2]})"),
        st.tuples(st.sampled_from(["n", "m", "n.x"]), st.sampled_from("axyb")).map(lambda p: f"has({p[0]}.{p[1]})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.tuples(inner, inner).map(lambda parts: f"{{{parts[0]}: {parts[1]}}}"),
    )


def expressions(leaves: int = 12) -> st.SearchStrategy[str]:
    """Return expressions that parse; most do not type-check, so evaluate them with the check off."""
    return st.recursive(_LEAVES, _extended, max_leaves=leaves)


def _ints() -> st.SearchStrategy[str]:
    return st.one_of(
        _INTS,
        st.sampled_from(["i", "j", "m.a", "l[0]", "size(s)", "size(l)", "n.list[1].k"]),
        st.tuples(TYPED_INTS, st.sampled_from("+-*/%"), TYPED_INTS).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(TYPED_BOOLS, TYPED_INTS, TYPED_INTS).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})"),
        TYPED_INTS.map(lambda inner: f"int(string({inner}))"),
    )


def _strings() -> st.SearchStrategy[str]:
    return st.one_of(
        _STRINGS,
        st.sampled_from(["s", "t", "n.x.y"]),
        st.tuples(TYPED_STRINGS, TYPED_STRINGS).map(lambda p: f"({p[0]} + {p[1]})"),
        TYPED_INTS.map(lambda inner: f"string({inner})"),
        TYPED_STRINGS.map(lambda inner: f"string(bytes({inner}))"),
    )


def _bools() -> st.SearchStrategy[str]:
    order = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    return st.one_of(
        st.sampled_from(["true", "false", "b", "has(n.x)", "has(n.q)", "has(m.b)", "'a' in m", "2 in l"]),
        st.tuples(TYPED_INTS, order, TYPED_INTS | _DOUBLES).map(lambda p: f"(dyn({p[0]}) {p[1]} {p[2]})"),
        st.tuples(TYPED_STRINGS, order, TYPED_STRINGS).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(TYPED_BOOLS, st.sampled_from(["&&", "||", "==", "!="]), TYPED_BOOLS).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        TYPED_BOOLS.map(lambda inner: f"!{inner}" if inner.startswith("(") else f"!({inner})"),
        st.tuples(TYPED_STRINGS, _MEMBERS, TYPED_STRINGS).map(lambda p: f"{p[0]}.{p[1]}({p[2]})"),
        st.tuples(st.sampled_from(["all", "exists", "exists_one"]), TYPED_BOOLS).map(lambda p: f"l.{p[0]}(i, {p[1]})"),
        st.tuples(TYPED_INTS, TYPED_INTS).map(lambda p: f"l.map(j, {p[0]}).exists(v, v == {p[1]})"),
        st.tuples(TYPED_BOOLS, TYPED_INTS).map(lambda p: f"size(l.filter(i, {p[0]})) > {p[1]}"),
    )


TYPED_INTS: st.SearchStrategy[str] = st.deferred(_ints)
TYPED_STRINGS: st.SearchStrategy[str] = st.deferred(_strings)
TYPED_BOOLS: st.SearchStrategy[str] = st.deferred(_bools)
"""Expressions of one type, most of which have a value."""
