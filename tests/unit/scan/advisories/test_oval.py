"""OVAL criteria become conditions and tests of packages."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.scan.advisories.oval import Condition, Node, OvalTest, flat, package_tests, read_oval
from tidewaiter.scan.advisories.oval_tests import arches, is_package, is_product, span


def rpm(name, field, operation, value, *more):
    """Return a test of an rpm package."""
    return OvalTest("rpminfo_test", name, (Condition(field, operation, value), *more))


def found(node):
    """Return (conditions, packages) of criteria whose packages begin with `p`."""
    return [(tuple(flat(context)), tests) for context, tests in package_tests(node, lambda name: name.startswith("p"))]


def both(*parts):
    """Join by AND."""
    return Node("AND", parts)


def either(*parts):
    """Join by OR."""
    return Node("OR", parts)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (both("s", "p1"), [(("s",), ("p1",))]),
        (either("p1", "s", "p2"), [((), ("p1",)), ((), ("p2",))]),
        (
            both("s", either(both("a", either("p1", "p2")), both("b", "p3"))),
            [(("s", "a"), ("p1",)), (("s", "a"), ("p2",)), (("s", "b"), ("p3",))],
        ),
        (both(either("s", "t"), either("p1", both("p2", "k"))), [(("s", "t"), ("p1",)), (("s", "t", "k"), ("p2",))]),
        (both("p1", "p1", "k"), [(("k",), ("p1",))]),
        (both("s", "p1", "p2"), [(("s",), ("p1", "p2"))]),
        (both(either("p1", "p2"), either("p3", "s")), [((), ("p1", "p2", "p3"))]),
        (both("s"), []),
        (either(), []),
    ],
)
def test_ways_to_fulfil(node, expected):
    """Every package comes with the conditions around it; what must hold together stays together."""
    assert expected == found(node)


@given(st.recursive(st.sampled_from(["s", "p1", "p2"]), lambda inner: st.builds(lambda op, parts: Node(op, tuple(parts)), st.sampled_from(["AND", "OR", "XOR"]), st.lists(inner, max_size=4)), max_leaves=40))  # fmt: skip
def test_no_package_is_lost(tree):
    """Whatever the criteria look like, each package that they name is in some way to fulfil them."""
    node = both(tree)
    named = {name for name in flat((node,)) if name.startswith("p")}
    assert named == {name for _, tests in found(node) for name in tests}


@pytest.mark.parametrize(
    ("operation", "value", "interval", "status"),
    [
        ("less than", "0:1-2", Interval(hi="0:1-2", fixed="0:1-2"), Status.AFFECTED),
        ("less than or equal", "0:1-2", Interval(hi="0:1-2", inclusive=True), Status.AFFECTED),
        ("equals", "0", Interval(), Status.NOT_AFFECTED),
        ("equals", "1-1", Interval(lo="1-1", hi="1-1", inclusive=True), Status.AFFECTED),
        ("greater than", "0:0-0", Interval(), Status.AFFECTED),
        ("greater than or equal", "0:2-1", Interval(lo="0:2-1"), Status.AFFECTED),
    ],
)
def test_spans(operation, value, interval, status):
    """Operations decide what a test means."""
    assert (interval, status) == span(rpm("a", "evr", operation, value))


def test_spans_without_meaning():
    """Operations that no interval can say are left to the caller."""
    for operation, value in (("greater than", "1-1"), ("pattern match", "^1"), ("less than", "")):
        assert None is span(rpm("a", "evr", operation, value))
    assert None is span(OvalTest("rpminfo_test", "a"))


def test_kinds_of_tests():
    """Products, packages and signatures are told apart by what is asked, not by a comment."""
    product = rpm("sles-release", "version", "equals", "15.4")
    package = rpm("sles-release", "evr", "less than", "1-1")
    signature = rpm("a", "signature_keyid", "equals", "x")
    assert [True, False, False] == [is_product(one) for one in (product, package, signature)]
    assert [False, True, False] == [is_package(one) for one in (product, package, signature)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(i586|x86_64)", ("i586", "x86_64")),
        ("aarch64|src|noarch", ("aarch64", "noarch")),
        ("^x86_64$", ("x86_64",)),
        ("x86.*", ()),
        ("", ()),
    ],
)
def test_arches(text, expected):
    """Lists of architectures are read, other patterns ask for nothing that we know."""
    assert expected == arches(rpm("a", "arch", "pattern match", text))


def test_missing_parts_are_no_tests():
    """A test without object or state cannot be judged; damage is told and what came before stays."""
    text = b"""<oval_definitions><definitions><definition id="d" class="patch"><metadata><title>t</title>
    <description>x CVE-2024-0001</description></metadata><criteria><criterion test_ref="t1" comment="c"/>
    <criterion test_ref="t2" negate="true"/></criteria></definition></definitions>
    <tests><rpminfo_test id="t1"><object object_ref="o1"/><state state_ref="s1"/></rpminfo_test>
    <rpminfo_test id="t3"><object object_ref="o1"/></rpminfo_test></tests>
    <objects><rpminfo_object id="o1"><name>a</name></rpminfo_object></objects><states>"""
    document = read_oval(io.BytesIO(text), lambda said: (said[-13:],), comments=True)
    assert (None, None, "a") == (document.test("t1"), document.test("t2"), document.test("t3").name)
    assert "not well-formed" in document.damage
    (definition,) = document.definitions
    assert (("CVE-2024-0001",), {"t1": "c", "t2": ""}) == (definition.ids, document.comments)
    assert definition.criteria.parts[1].negated
