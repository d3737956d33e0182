"""Random expressions: evaluation never raises, and agrees with another implementation where one is installed."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cel_strategies import TYPED_BOOLS, TYPED_INTS, TYPED_STRINGS, VARIABLES, expressions
from tidewaiter.core import cel
from tidewaiter.core.cel import CelError, CompileError, Environment, Unknown, types
from tidewaiter.core.cel.equality import equal

UNCHECKED = Environment(variables=dict.fromkeys(VARIABLES, types.DYN), homogeneous_literals=False, check=False)
CHECKED = Environment(variables=dict.fromkeys(VARIABLES, types.DYN), homogeneous_literals=False)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(Unknown(("?",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abxy", max_size=1), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(expressions(), st.fixed_dictionaries(dict.fromkeys(VARIABLES, VALUES)))
def test_evaluation_never_raises(source: str, values: dict[str, Any]) -> None:
    """Whatever expression over whatever data: a value, an error or an unknown, the same each time."""
    program = cel.compile(source, UNCHECKED)
    first, second = program.evaluate(values), program.evaluate(values)
    assert repr(first) == repr(second)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(expressions())
def test_the_check_does_not_change_values(source: str) -> None:
    """What the checker lets through evaluates as without it."""
    try:
        checked = cel.compile(source, CHECKED)
    except CompileError:
        return
    unchecked = cel.compile(source, UNCHECKED)
    assert repr(checked.evaluate(VARIABLES)) == repr(unchecked.evaluate(VARIABLES))


@pytest.fixture(scope="module")
def oracle() -> Any:
    """Return an environment of cel-expr-python, or skip."""
    other = pytest.importorskip("cel_expr_python.cel", reason="cel-expr-python is not installed")
    return other.NewEnv(variables=dict.fromkeys(VARIABLES, other.Type.DYN))


def theirs(oracle: Any, source: str) -> Any:
    """Return the other implementation's value, CelError for any error."""
    try:
        value = oracle.compile(source, disable_check=True).eval(data=VARIABLES)
    except Exception as error:  # noqa: BLE001 - the binding raises classes of its own
        return CelError(str(error))
    if "error" in str(value.type().name()).lower():
        return CelError(str(value.value()))
    return converted(value.plain_value())


def converted(value: Any) -> Any:
    """Return a value of the other implementation with its types as ours."""
    if isinstance(value, list):
        return [converted(item) for item in value]
    if isinstance(value, dict):
        return {key: converted(item) for key, item in value.items()}
    if type(value).__name__ == "Type":
        return cel.TypeValue(value.name().partition("<")[0].lower())
    return value


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(source=expressions(6) | TYPED_BOOLS | TYPED_INTS | TYPED_STRINGS)
def test_agrees_with_another_implementation(oracle: Any, source: str) -> None:
    """Errors agree in being errors, values in being equal."""
    ours = cel.compile(source, UNCHECKED).evaluate(VARIABLES)
    other = theirs(oracle, source)
    if any(word in str(other) for word in ("limit", "budget", "Exceeded max")):
        return  # its limits of depth and iterations are lower than ours
    if isinstance(ours, CelError) or isinstance(other, CelError):
        extension = str(ours).endswith("(bool)")  # the other converts a bool to a number, which the language does not
        assert isinstance(ours, CelError) == isinstance(other, CelError) or extension, (ours, other)
    elif ours == ours:  # noqa: PLR0124 - not NaN
        assert repr(ours) == repr(other) or equal(ours, other), (ours, other)
