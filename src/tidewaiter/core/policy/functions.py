"""The functions that policies have beyond CEL's own: `severity` and `glob`."""

from tidewaiter.core.cel import Function, Overload, fail, types
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.policy import globs


def _severity(name: str) -> int:
    try:
        return Severity(name).rank
    except ValueError:
        raise fail(f"`{name}` is no severity: critical, high, medium, low, info") from None


def _checked(arguments: tuple[str | None, ...]) -> str | None:
    name = arguments[0]
    if name is None or name in set(Severity):
        return None
    return f"`{name}` is no severity: critical, high, medium, low, info"


def _glob_cost(text: str, pattern: str) -> int:
    return (len(text) + 10) // 10 * max((len(pattern) + 9) // 10, 1)


SEVERITY = Function(
    "severity",
    (Overload((types.STRING,), types.INT, _severity),),
    foldable=True,
    check_constant=_checked,
)
"""`severity("high")`: 4 for critical down to 0 for info, to compare with `vulnerability.severity`."""

GLOB = Function(
    "glob",
    (
        Overload(
            (types.STRING, types.STRING),
            types.BOOL,
            lambda text, pattern: globs.matches(pattern, text),
            cost=_glob_cost,
        ),
    ),
    foldable=True,
)
"""`glob(text, pattern)`: whether the whole text fits a glob, in which `*` is any text."""

FUNCTIONS = (SEVERITY, GLOB)
