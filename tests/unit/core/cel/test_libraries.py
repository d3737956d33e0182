"""The function libraries, where the cases of the specification do not reach; and how a library is added."""

from typing import Any, ClassVar

import pytest

from tidewaiter.core import cel
from tidewaiter.core.cel import (
    CelError,
    CompileError,
    Environment,
    Function,
    Library,
    Opaque,
    Optional,
    Overload,
    UInt,
    types,
)
from tidewaiter.core.cel.libraries import DEFAULT, EVERY

ENVIRONMENT = Environment(variables={"x": types.DYN}, libraries=EVERY, homogeneous_literals=False)


def evaluate(source: str, **values: Any) -> Any:
    """Compile with every library and evaluate."""
    return cel.compile(source, ENVIRONMENT).evaluate(values)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[1, 2, 3].isSorted() && ![2, 1].isSorted() && [].isSorted()", True),
        ("[].sum()", 0),
        ("[1, 2].sum()", 3),
        ("[1u, 2u].sum()", UInt(3)),
        ("[1.5, 2.0].sum()", 3.5),
        ("[duration('1s'), duration('2s')].sum() == duration('3s')", True),
        ("[2, 1, 3].min()", 1),
        ("['b', 'a'].max()", "b"),
        ("[1, 2, 2].indexOf(2)", 1),
        ("[1, 2, 2].lastIndexOf(dyn(2.0))", 2),
        ("[1].indexOf(5)", -1),
        ("[1, 2].includes(2)", True),
        ("[1, 1u, 'a', 'a', 2].distinct()", [1, "a", 2]),
        ("['b', 'a', 'b'].distinct()", ["b", "a"]),
        ("[[1, [2]], [3]].flatten()", [1, [2], 3]),
        ("[[1, [2, [3]]]].flatten(2)", [1, 2, [3]]),
        ("[1, 2, 3, 4].slice(1, 3)", [2, 3]),
        ("[1, 2].reverse()", [2, 1]),
        ("[3, 1, 2].sort()", [1, 2, 3]),
        ("lists.range(3)", [0, 1, 2]),
        ("[1, 2].first()", Optional(True, 1)),
        ("[].last()", Optional(False)),
        ("sets.contains([1, 2], dyn([2u]))", True),
        ("sets.equivalent([1, 1], dyn([1.0]))", True),
        ("sets.intersects([1], [2])", False),
        ("'abc 123'.find('[0-9]+')", "123"),
        ("'abc'.find('[0-9]+')", ""),
        ("'a1b22'.findAll('[0-9]+')", ["1", "22"]),
        ("'a1b22'.findAll('[0-9]+', 1)", ["1"]),
        ("regex.replace('a1b2', '([a-z])([0-9])', '\\\\2\\\\1')", "1a2b"),
        ("regex.replace('aaa', 'a', 'b', 2)", "bba"),
        ("regex.extract('key=v', '=(.*)')", Optional(True, "v")),
        ("regex.extract('key', '=')", Optional(False)),
        ("regex.extractAll('a1b2', '[0-9]')", ["1", "2"]),
        ("base64.encode(b'hi')", "aGk="),
        ("base64.decode('aGk')", b"hi"),
        ("'a,b,c'.split(',', 2)", ["a", "b,c"]),
        ("'abc'.split('', 2)", ["a", "bc"]),
        ("'abc'.reverse()", "cba"),
        ("' \\u3000a\\n'.trim()", "a"),
        ("'ÀA'.lowerAscii()", "Àa"),
        ("['a', 'b'].join('-')", "a-b"),
        ("strings.quote('a\\n\"')", '"a\\n\\""'),
        ("math.greatest(1, 2u, 1.5)", UInt(2)),
        ("math.least([3, 1])", 1),
        ("math.round(-1.5)", -2.0),
        ("math.sqrt(9)", 3.0),
        ("math.bitShiftRight(-1, 60)", 15),
        ("math.bitNot(0u)", UInt(2**64 - 1)),
        ("optional.unwrap([optional.of(1), optional.none()])", [1]),
        ("optional.of(1).optFlatMap(v, optional.none())", Optional(False)),
        ("optional.of({'a': [1]}).a[0].orValue(0)", 1),
        ("optional.ofNonZeroValue(0u)", Optional(False)),
        (
            "'%.2f|%d|%s|%x|%X|%b|%o|%e|%%'.format([1.005, 3, [1, 'a'], 255, 'hi', 5, 8, 1500.0])",
            "1.00|3|[1, a]|ff|6869|101|10|1.500000e+03|%",
        ),
        ("'%s'.format([{'b': 1, 'a': null}])", "{a: null, b: 1}"),
        ("cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')", True),
        ("isCIDR('10.0.0.0/33') || isIP('01.2.3.4') || isIP('::ffff:1.2.3.4') || isIP('fe80::1%eth0')", False),
        ("string(cidr('2001:db8::/32').ip())", "2001:db8::"),
        ("ip('127.0.0.1') in [ip('127.0.0.1')]", True),
        ("google.protobuf.Int32Value{value: 5} + 1", 6),
        ("cel.block([1, cel.index(0) + 1], cel.index(1))", 2),
        ("timestamp('2024-02-29T12:34:56.789Z').getDayOfYear()", 59),
        ("timestamp('2024-03-03T00:00:00Z').getDayOfWeek()", 0),
        ("duration('3661s').getMinutes()", 61),
    ],
)
def test_function(source: str, expected: Any) -> None:
    """One line per function or overload."""
    actual = evaluate(source)
    assert actual == expected
    assert type(actual) is type(expected)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x.min()", "min and max of an empty list are not defined"),
        ("[1, 'a'].sum()", "no such overload: sum needs numbers of one type, or durations"),
        ("[9223372036854775807, 1].sum()", "integer overflow"),
        ("[1, 'a'].sort()", "no such overload: the elements have no order"),
        ("[1].slice(1, 5)", "slice: 0 <= 1 <= 5 <= 1 does not hold"),
        ("[[1]].flatten(-1)", "flatten: the depth must not be negative"),
        ("'a'.charAt(5)", "index out of range: 5"),
        ("'abc'.substring(2, 1)", "invalid range: start 2 is after end 1"),
        ("base64.decode('*')", "base64.decode: the text is not base64"),
        ("'%d'.format(['a'])", "format: %d does not take string"),
        ("'%s %s'.format(['a'])", "format: index 1 out of range, 1 arguments are given"),
        ("'%.999999999f'.format([1.0])", "format: a precision above 100 is not supported"),
        ("math.bitShiftLeft(1, -1)", "math.bitShiftLeft: the offset must not be negative"),
        ("math.abs(-9223372036854775807 - 1)", "integer overflow"),
        ("ip('1.2.3')", "IP address '1.2.3' parse error during conversion from string"),
        ("cidr('1.2.3.4/+8')", "network address '1.2.3.4/+8' parse error during conversion from string"),
        ("regex.replace('a', 'a', '\\\\3')", "regex.replace: the pattern has no group 3"),
        ("regex.extract('a', '(a)(b)')", "regex.extract: the pattern has more than one group"),
        ("timestamp('2024-01-01T00:00:00Z').getHours('Mars/Olympus')", "unknown time zone 'Mars/Olympus'"),
        ("timestamp('0001-01-01T00:00:00Z').getHours('-10:00')", "timestamp out of range in that time zone"),
        ("google.protobuf.Int32Value{value: 2147483648}", "Int32Value: out of range"),
    ],
)
def test_wrong_use(source: str, message: str) -> None:
    """A function says what is wrong."""
    actual = evaluate(source, x=[])
    assert isinstance(actual, CelError)
    assert actual.message == message


def test_every_library_has_an_id_of_its_own() -> None:
    """Libraries are listed, each once."""
    ids = [library.id for library in EVERY]
    assert len(ids) == len(set(ids))
    assert ids[: len(DEFAULT)] == [library.id for library in DEFAULT]


class Severity(Opaque):
    """A value with an order, as the policy layer defines it."""

    __slots__ = ("rank",)
    cel_type_name: ClassVar[str] = "severity"
    ordered: ClassVar[bool] = True

    def __init__(self, rank: int) -> None:
        self.rank = rank

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Severity) and self.rank == other.rank

    def __hash__(self) -> int:
        return hash(self.rank)

    def __lt__(self, other: "Severity") -> bool:
        return self.rank < other.rank

    def __le__(self, other: "Severity") -> bool:
        return self.rank <= other.rank


SEVERITY = types.opaque("severity")
RANKS = {"high": 2, "critical": 3}


def severity(name: str) -> Severity:
    """Return the severity of a name."""
    if name not in RANKS:
        raise cel.fail(f"unknown severity {name!r}")
    return Severity(RANKS[name])


LIBRARY = Library(
    id="severity",
    functions=(
        Function(
            "severity",
            (Overload((types.STRING,), SEVERITY, severity),),
            foldable=True,
            check_constant=lambda texts: None if texts[0] in {None, *RANKS} else f"unknown severity {texts[0]!r}",
        ),
        Function("name", (Overload((SEVERITY,), types.STRING, lambda value: f"rank {value.rank}", is_member=True),)),
    ),
    constants={"severities.critical": (SEVERITY, Severity(3))},
)


def test_a_library_of_its_own_brings_types_with_an_order() -> None:
    """Opaque values compare, have members and constants, and are checked."""
    environment = Environment(
        variables={"v": types.RecordType("v", {"severity": SEVERITY})}, libraries=(*DEFAULT, LIBRARY)
    )

    def run(source: str) -> Any:
        return cel.compile(source, environment).evaluate({"v": {"severity": Severity(3)}})

    assert run("severity('high') <= v.severity") is True
    assert run("v.severity == severities.critical && v.severity.name() == 'rank 3'") is True
    assert run("type(v.severity)") == cel.TypeValue("severity")
    assert run("[severity('critical'), severity('high')].min().name()") == "rank 2"
    for wrong in ("severity('hihg')", "v.severity < 3", "severity(1)", "v.severity.nope()"):
        with pytest.raises(CompileError):
            cel.compile(wrong, environment)


def test_an_environment_has_only_the_libraries_it_names() -> None:
    """A function of a library left out is unknown when compiling."""
    with pytest.raises(CompileError, match="unknown function `base64"):
        cel.compile("base64.encode(b'a')", Environment(libraries=DEFAULT[:1]))


def test_messages_build_values() -> None:
    """A message literal is checked against its fields and built by its type."""
    patch = cel.MessageType("JSONPatch", types.DYN, lambda fields: ("patch", dict(fields)), {"op": types.STRING})
    environment = Environment(libraries=(*DEFAULT, Library(id="patch", messages=(patch,))))
    assert cel.compile("JSONPatch{op: 'add'}", environment).evaluate({}) == ("patch", {"op": "add"})
    with pytest.raises(CompileError, match="did you mean `op`"):
        cel.compile("JSONPatch{opp: 'add'}", environment)
    with pytest.raises(CompileError, match="`op` is `string`, not `int`"):
        cel.compile("JSONPatch{op: 1}", environment)
