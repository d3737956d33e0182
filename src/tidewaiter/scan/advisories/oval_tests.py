"""What OVAL tests of rpm packages mean for us: spans of versions, architectures, products."""

import re
from typing import Final

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.scan.advisories.oval import OvalTest

_RPM: Final = "rpminfo_test"
_ZERO: Final = frozenset({"0", "0:0", "0:0-0"})
_ARCH: Final = re.compile(r"[a-z0-9_]+")
_VERSIONS: Final = ("evr", "version")
_NO_ARCH_OF_A_BUILD: Final = frozenset({"src", "nosrc"})


def is_product(test: OvalTest) -> bool:
    """Tell whether a test asks which system or product is installed: the version of a `…-release` package."""
    if test.kind != _RPM or not test.name.endswith("release"):
        return False
    return any(
        condition.field in _VERSIONS and condition.operation in {"equals", "pattern match", "greater than or equal"}
        for condition in test.conditions
    )


def is_package(test: OvalTest) -> bool:
    """Tell whether a test asks for the version of an ordinary package."""
    return test.kind == _RPM and not is_product(test) and any(one.field in _VERSIONS for one in test.conditions)


def span(test: OvalTest) -> tuple[Interval, Status] | None:
    """Return which versions a test is true for, and that they are affected; None when it cannot be expressed.

    "equals 0" is SUSE's way to say that no version is affected, "greater than 0" that every version is.
    """
    for condition in test.conditions:
        if condition.field not in _VERSIONS or not condition.value:
            continue
        value = condition.value
        zero = value in _ZERO
        match condition.operation:
            case "less than":
                return Interval(hi=value, fixed=value), Status.AFFECTED
            case "less than or equal":
                return Interval(hi=value, inclusive=True), Status.AFFECTED
            case "equals":
                exact = Interval(lo=value, hi=value, inclusive=True)
                return (Interval(), Status.NOT_AFFECTED) if zero else (exact, Status.AFFECTED)
            case "greater than or equal":
                return Interval(lo="" if zero else value), Status.AFFECTED
            case "greater than" if zero:
                return Interval(), Status.AFFECTED
            case _:
                return None
    return None


def arches(test: OvalTest) -> tuple[str, ...]:
    """Return the architectures that a test lists, sorted; empty when it asks for none or in a way we do not know."""
    text = test.value("arch", "pattern match", "equals")
    words = [word.strip() for word in text.strip("^$() ").split("|")] if text else []
    if not all(_ARCH.fullmatch(word) for word in words):
        return ()
    return tuple(sorted({*words} - _NO_ARCH_OF_A_BUILD))
